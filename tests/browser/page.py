"""Opens a report in a real browser: it renders, sorts, searches and unfolds, asks the network for nothing, runs no text of
the input, and prints on A4.

    python3 tests/browser/page.py SLAUDIT BROWSER

SLAUDIT is the binary, BROWSER a Chromium. Needs the package `playwright` (its driver only, no browser of its own).
"""

import pathlib
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = [
    "<script>window.pwned=1</script>",
    '"><img src=x onerror=window.pwned=1>',
    "</pre></details><svg onload=window.pwned=1>",
    "\u202egnp.exe",
    "x" * 10_000,
]


def report(slaudit, folder):
    """A report of a few hundred cases, some of them hostile."""
    generated = folder / "generated.csv"
    subprocess.run([slaudit, "generate", "--cases", "600", "--out", generated], check=True, capture_output=True)
    rows = ["case_id,at,event,role,actor,status,severity,customer"]
    for i, text in enumerate(HOSTILE):
        cell = '"' + text.replace('"', '""') + '"'
        rows.append(f"{cell},2026-03-0{i + 2}T10:00:00-07:00,opened,customer,Cleo,New,1,{cell}")
        rows.append(f"{cell},2026-03-0{i + 2}T16:00:00-07:00,message,agent,{cell},Open,,")
    hostile = folder / "hostile.csv"
    hostile.write_text("\n".join(rows) + "\n", encoding="utf-8")
    out = folder / "report"
    policy = ROOT / "data-samples/policies/in8sync-targets.toml"
    arguments = ["--policy", policy, "--period", "2026-03", "--quiet", "--out", out]
    subprocess.run([slaudit, "audit", generated, hostile, *arguments], check=True, capture_output=True)
    return out / "report.html"


def numbers(page, table, column):
    script = "(rows, i) => rows.map(row => row.cells[i].dataset.key ?? '')"
    cells = page.locator(f"{table} tbody tr").evaluate_all(script, column)
    return [float(cell) for cell in cells if cell]


def check(page, browser):
    assert page.evaluate("window.pwned") is None, "text of the input ran"
    assert page.locator("h1").count() == 1
    assert page.locator("table").count() > 20
    assert page.locator("table:not(:has(caption))").count() == 0
    assert page.locator("figure:not([aria-label])").count() == 0
    assert page.locator("figure svg").count() > 5, "charts are in the page"
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"the page is {width} px wider than the window"

    table = "table[data-search]"
    over = page.locator(f"{table} thead th", has_text="Over by")
    column = over.evaluate("cell => cell.cellIndex")
    over.locator("button").focus()
    page.keyboard.press("Enter")
    assert over.get_attribute("aria-sort") == "ascending"
    found = numbers(page, table, column)
    assert len(found) > 10 and found == sorted(found)
    page.keyboard.press("Enter")
    assert over.get_attribute("aria-sort") == "descending"
    assert numbers(page, table, column) == sorted(found, reverse=True)

    everything = page.locator(f"{table} tbody tr:visible").count()
    page.locator(".search input").fill("R101")
    some = page.locator(f"{table} tbody tr:visible").count()
    assert 0 < some < everything
    assert page.locator(".search [role=status]").inner_text() == f"{some} of {everything} rows"
    page.locator(".search input").fill("")

    link = page.locator(f"{table} tbody a").first
    target = link.get_attribute("href")
    link.click()
    assert page.locator(f"details{target}").evaluate("details => details.open")
    assert page.locator(f"details{target} pre").is_visible()


def main(slaudit, browser_path):
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = report(slaudit, pathlib.Path(folder))
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        problems, requests = [], []
        for scripts in (True, False):
            context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.on("console", lambda message: problems.append(message.text))
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("dialog", lambda dialog: problems.append(dialog.message))
            page.on("request", lambda request: requests.append(request.url))
            page.goto(path.as_uri())
            assert page.locator(".answer").is_visible()
            if scripts:
                check(page, browser)
                pdf = page.pdf(prefer_css_page_size=True)
                assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf or b"/MediaBox [0 0 595" in pdf, "A4"
            context.close()
        narrow = browser.new_page(viewport={"width": 400, "height": 800})
        narrow.goto(path.as_uri())
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 400, "fits a small screen"
        browser.close()
        requests = [url for url in requests if url.split("#")[0] != path.as_uri() and not url.startswith("data:")]
        assert not problems, problems
        assert not requests, requests
    print("report.html: renders, sorts, searches, unfolds, asks for nothing, runs nothing, prints on A4")


if __name__ == "__main__":
    main(*sys.argv[1:])
