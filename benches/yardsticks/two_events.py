"""What the scripts with pandas share: the opening of each case, and the first public message by support after it."""

import pandas


def two_events(path):
    """A frame of `opened` and `answered`, instants in UTC, by case."""
    events = pandas.read_csv(path, usecols=["case_id", "at", "event", "role"])
    events["at"] = pandas.to_datetime(events["at"], utc=True, format="ISO8601")
    opened = events[events["event"] == "opened"].groupby("case_id")["at"].min()
    answers = events[(events["event"] == "message") & (events["role"] == "agent")]
    cases = pandas.DataFrame({"opened": opened, "answered": answers.groupby("case_id")["at"].min()}).dropna()
    return cases[cases["answered"] >= cases["opened"]]
