"use strict";
// Without this script the page is complete: it only sorts, searches and unfolds.
(function () {
  function key(row, column) {
    const cell = row.cells[column];
    const number = cell.dataset.key === undefined ? NaN : Number(cell.dataset.key);
    if (!Number.isNaN(number)) return number;
    return cell.dataset.key === undefined ? cell.textContent : cell.dataset.key;
  }
  function compare(a, b) {
    // What is missing stands last, whichever way.
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }
  function sort(table, column, heading) {
    const body = table.tBodies[0];
    const down = heading.getAttribute("aria-sort") === "ascending";
    const rows = Array.from(body.rows).map(function (row, i) { return { row: row, key: key(row, column), i: i }; });
    rows.sort(function (a, b) {
      if (a.key === "" || b.key === "") return (a.key === "" ? 1 : 0) - (b.key === "" ? 1 : 0) || a.i - b.i;
      return (down ? compare(b.key, a.key) : compare(a.key, b.key)) || a.i - b.i;
    });
    Array.from(table.tHead.rows[0].cells).forEach(function (cell) { cell.removeAttribute("aria-sort"); });
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append.apply(body, rows.map(function (entry) { return entry.row; }));
  }
  document.querySelectorAll("table").forEach(function (table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      heading.textContent = "";
      heading.append(button);
      button.addEventListener("click", function () { sort(table, column, heading); });
    });
  });
  document.querySelectorAll("table[data-search]").forEach(function (table) {
    const rows = Array.from(table.tBodies[0].rows);
    const texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    const bar = document.createElement("div");
    bar.className = "search";
    const label = document.createElement("label");
    label.textContent = "Search ";
    const input = document.createElement("input");
    input.type = "search";
    label.append(input);
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    bar.append(label, status);
    table.parentElement.before(bar);
    input.addEventListener("input", function () {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach(function (row, i) {
        row.hidden = !words.every(function (word) { return texts[i].includes(word); });
        if (!row.hidden) shown += 1;
      });
      status.textContent = words.length ? shown + " of " + rows.length + " rows" : "";
    });
  });
  function unfold() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    const details = target.matches("details") ? target : target.querySelector("details");
    if (details) details.open = true;
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", unfold);
  unfold();
})();
