"use strict";
// The comments are a flat list in tree order. Everything that changes is one pass over it: linear at any depth.
(() => {
  const byId = (id) => document.getElementById(id);
  const tree = byId("tree");
  const pane = byId("pane");
  if (!tree) return;

  const items = [...tree.children];
  const places = new Map(items.map((item, place) => [item.id, place]));
  const above = items.map((item) => Number(item.dataset.up));
  const level = items.map((item) => Number(item.dataset.level));
  const words = items.map((item) =>
    `${item.querySelector(".who").textContent}\n${item.querySelector(".text").textContent}`.toLowerCase());
  const buttons = items.map((item) => item.querySelector(".fold"));
  const pieces = new Map();
  for (const piece of pane.querySelectorAll(".s[data-c]")) {
    const id = `c${piece.dataset.c}`;
    if (!pieces.has(id)) pieces.set(id, []);
    pieces.get(id).push(piece);
  }
  const query = byId("query");
  const author = byId("author");
  const people = [...document.querySelectorAll(".person")];
  const folded = new Set();
  let current = 0;

  function draw() {
    const sought = query.value.trim().toLowerCase();
    const isFiltered = sought !== "" || author.value !== "";
    const found = items.map((item, place) =>
      words[place].includes(sought) && (author.value === "" || item.dataset.by === author.value));
    const shown = found.slice();
    for (let place = items.length - 1; isFiltered && place >= 0; place -= 1) {
      if (shown[place] && above[place] >= 0) shown[above[place]] = true;
    }
    let below = Infinity;
    items.forEach((item, place) => {
      if (level[place] <= below) below = Infinity;
      item.hidden = !shown[place] || below < Infinity;
      item.classList.toggle("context", isFiltered && shown[place] && !found[place]);
      const isFolded = !isFiltered && folded.has(place);
      if (isFolded && below === Infinity) below = level[place];
      if (buttons[place]) buttons[place].setAttribute("aria-expanded", String(!isFolded));
    });
    const count = found.filter(Boolean).length;
    byId("found").textContent = isFiltered ? `${count} of ${items.length} comments` : "";
    byId("fold").textContent = folded.size ? "Unfold all" : "Fold all";
    for (const person of people) person.setAttribute("aria-pressed", String(person.dataset.by === author.value));
    highlight(sought);
    if (items[current].hidden) setCurrent(Math.max(0, items.findIndex((item) => !item.hidden)));
  }

  function highlight(sought) {
    if (!window.CSS || !CSS.highlights) return;
    const ranges = [];
    for (const item of sought ? items : []) {
      if (item.hidden || ranges.length > 2000) continue;
      for (const part of [item.querySelector(".who"), item.querySelector(".text")]) {
        const node = part.firstChild;
        if (!node) continue;
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length) continue; // a letter that is longer in lower case would shift the rest
        for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + sought.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function setCurrent(place) {
    items[current].firstElementChild.tabIndex = -1;
    for (const piece of pieces.get(items[current].id) || []) piece.classList.remove("on");
    current = place;
    items[place].firstElementChild.tabIndex = 0;
    for (const piece of pieces.get(items[place].id) || []) piece.classList.add("on");
  }

  function showInPane(place) {
    const first = byId(`d${items[place].id.slice(1)}`);
    if (first) pane.scrollTop = first.offsetTop - pane.clientHeight / 4;
  }

  function unfold(place) {
    for (let up = above[place]; up >= 0; up = above[up]) folded.delete(up);
  }

  function go(place) {
    if (items[place].hidden) {
      query.value = "";
      author.value = "";
      unfold(place);
      draw();
    }
    setCurrent(place);
    items[place].firstElementChild.focus({ preventScroll: true });
    items[place].scrollIntoView({ block: "nearest" });
    showInPane(place);
  }

  function toggle(place, isFolded) {
    if (isFolded) folded.add(place); else folded.delete(place);
    draw();
  }

  function step(by) {
    let place = current + by;
    while (items[place] && items[place].hidden) place += by;
    if (items[place]) go(place);
  }

  function nextUnsure() {
    for (let by = 1; by <= items.length; by += 1) {
      const place = (current + by) % items.length;
      if (items[place].classList.contains("unsure")) return go(place);
    }
  }

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    ArrowLeft: () => {
      if (buttons[current] && !folded.has(current)) toggle(current, true);
      else if (above[current] >= 0) go(above[current]);
    },
    ArrowRight: () => {
      if (folded.has(current)) toggle(current, false);
      else if (buttons[current]) step(1);
    },
    "/": () => query.focus(),
    u: nextUnsure,
  };

  tree.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  tree.addEventListener("focusin", (event) => {
    const item = event.target.closest("li");
    if (item) setCurrent(places.get(item.id));
  });
  tree.addEventListener("click", (event) => {
    const button = event.target.closest(".fold");
    const place = places.get(event.target.closest("li")?.id);
    if (button) toggle(place, button.getAttribute("aria-expanded") === "true");
    else if (place !== undefined && !event.target.closest("a")) showInPane(place);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#c']");
    const piece = event.target.closest("[data-c]");
    const place = places.get(link ? link.hash.slice(1) : piece ? `c${piece.dataset.c}` : "");
    if (place === undefined) return;
    if (!link && !getSelection().isCollapsed) return; // somebody marks words to copy them
    event.preventDefault();
    go(place);
  });
  for (const person of people) {
    const press = () => {
      author.value = author.value === person.dataset.by ? "" : person.dataset.by;
      draw();
    };
    person.addEventListener("click", press);
    person.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press();
    });
  }
  query.addEventListener("input", draw);
  author.addEventListener("input", draw);
  byId("bar").addEventListener("submit", (event) => event.preventDefault());
  byId("unsure").addEventListener("click", nextUnsure);
  byId("fold").addEventListener("click", () => {
    if (folded.size) folded.clear();
    else buttons.forEach((button, place) => button && folded.add(place));
    draw();
  });
  byId("theme").addEventListener("click", (event) => {
    const order = ["system", "light", "dark"];
    const next = order[(order.indexOf(document.documentElement.dataset.theme || "system") + 1) % order.length];
    document.documentElement.dataset.theme = next;
    event.target.textContent = `Colours: ${next}`;
  });
  byId("bar").hidden = false;
  byId("unsure").hidden = !items.some((item) => item.classList.contains("unsure"));
  draw();
  setCurrent(0);
  const follow = () => places.has(location.hash.slice(1)) && go(places.get(location.hash.slice(1)));
  addEventListener("hashchange", follow);
  addEventListener("load", follow); // not before: going to the mark itself takes the focus away
})();
