"use strict";
// Everything here makes the pages more convenient; without it they say and do the same.
(function () {
  const places = { h: "/", r: "/runs", j: "/jobs", c: "/catalog", l: "/lineage", k: "/checks", g: "/grid", s: "/sql", i: "/sources", a: "/alerts", y: "/system" };
  let going = 0;

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select");
    if (event.key === "Escape" && typing) { typing.blur(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const search = document.getElementById("search");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?") {
      const help = document.getElementById("keys");
      if (help) { if (help.open) help.close(); else help.showModal(); }
    } else if (event.key === "g" && Date.now() - going > 900) {
      going = Date.now();
    } else if (Date.now() - going < 900 && places[event.key]) {
      going = 0;
      location.assign(places[event.key]);
    }
  });

  function theme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("tarn-theme", root.dataset.theme); } catch (e) { /* for this page only then */ }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "theme") theme();
    if (button.id === "keys-open") document.getElementById("keys").showModal();
    if (button.dataset.copy !== undefined) {
      const text = button.dataset.copy;
      const done = () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 1500); };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => {});
    }
  });

  // A page that tells of something that goes on is fetched again, and only its main part replaced.
  function follow() {
    const main = document.querySelector("main");
    const seconds = main && main.dataset.refresh;
    if (!seconds) return;
    setTimeout(async () => {
      const busy = document.activeElement && document.activeElement.closest("main input, main textarea");
      if (document.hidden || busy) { follow(); return; }
      try {
        const answer = await fetch(location.href, { headers: { "X-Refresh": "1" } });
        if (answer.ok) {
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
          const log = document.querySelector(".log");
          const atEnd = log && log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
          const top = log ? log.scrollTop : 0;
          const across = [...document.querySelectorAll(".scroll")].map(s => s.scrollLeft);
          if (fresh) main.replaceWith(fresh);
          document.querySelectorAll(".scroll").forEach((s, i) => { if (across[i]) s.scrollLeft = across[i]; });
          const newLog = document.querySelector(".log");
          if (newLog) newLog.scrollTop = atEnd ? newLog.scrollHeight : top;
        }
      } catch (e) { /* the server is away for a moment: try again */ }
      follow();
    }, Number(seconds) * 1000);
  }

  // Of runs across the newest are looked at first.
  function newest() {
    document.querySelectorAll(".matrix").forEach(m => { m.parentElement.scrollLeft = m.parentElement.scrollWidth; });
  }

  // The way to and from the node that has the focus.
  function lineage() {
    const drawing = document.querySelector(".lineage svg[data-graph]");
    if (!drawing) return;
    const edges = [...drawing.querySelectorAll(".edge")];
    const light = (id) => {
      const lit = new Set([id]);
      for (const [from, to] of [["from", "to"], ["to", "from"]]) {
        let step = [id];
        const seen = new Set(step);
        while (step.length) {
          const next = [];
          for (const edge of edges) {
            if (step.includes(edge.dataset[from]) && !seen.has(edge.dataset[to])) {
              seen.add(edge.dataset[to]); next.push(edge.dataset[to]); lit.add(edge.dataset[to]);
            }
          }
          step = next;
        }
      }
      for (const edge of edges) edge.classList.toggle("lit", lit.has(edge.dataset.from) && lit.has(edge.dataset.to));
      for (const node of drawing.querySelectorAll(".node")) node.classList.toggle("lit", lit.has(node.dataset.id));
    };
    if (edges.length > 3000) return;
    drawing.addEventListener("focusin", (e) => { const n = e.target.closest(".node"); if (n) light(n.dataset.id); });
    drawing.addEventListener("pointerover", (e) => { const n = e.target.closest(".node"); if (n) light(n.dataset.id); });
  }

  function editor() {
    const area = document.querySelector("textarea[data-sql]");
    if (!area) return;
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        area.form.requestSubmit();
      }
    });
    const cancel = document.getElementById("cancel");
    area.form.addEventListener("submit", () => {
      const token = String(Date.now()) + Math.floor(Math.random() * 1e6);
      area.form.elements.ticket.value = token;
      if (cancel) {
        cancel.disabled = false;
        cancel.onclick = () => fetch("/sql/cancel", { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "ticket=" + token });
      }
    });
    complete(area);
    remember(area);
    // The ticket is of no use to whoever gets the address.
    const address = new URL(location.href);
    if (address.searchParams.has("ticket")) {
      address.searchParams.delete("ticket");
      history.replaceState(null, "", address);
    }
    const here = area.dataset.offset;
    if (here) { area.focus(); area.setSelectionRange(Number(here), Number(here) + 1); }
  }

  // Ways to go on while one types: Ctrl Space or two letters; arrows, Enter or Tab, Escape.
  function complete(area) {
    const list = document.getElementById("ways");
    if (!list) return;
    let ways = [], chosen = 0, asked = 0, timer = 0;
    const close = () => { list.hidden = true; ways = []; area.setAttribute("aria-expanded", "false"); area.removeAttribute("aria-activedescendant"); };
    const draw = () => {
      list.replaceChildren(...ways.map((way, i) => {
        const item = document.createElement("li");
        item.id = "way" + i; item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(i === chosen));
        const text = document.createElement("code"); text.textContent = way.text;
        const kind = document.createElement("span"); kind.className = "soft small"; kind.textContent = way.kind;
        item.append(text, " ", kind);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
        return item;
      }));
      list.hidden = ways.length === 0;
      area.setAttribute("aria-expanded", String(ways.length > 0));
      if (ways.length) { area.setAttribute("aria-activedescendant", "way" + chosen); list.children[chosen].scrollIntoView({ block: "nearest" }); }
    };
    const take = (i) => {
      const way = ways[i], end = area.selectionStart;
      area.setRangeText(way.text, way.from, end, "end");
      close(); area.focus();
    };
    const look = async () => {
      const number = ++asked, place = area.selectionStart;
      try {
        const at = area.form.elements.at ? area.form.elements.at.value : "";
        const answer = await fetch("/sql/ways?" + new URLSearchParams({ q: area.value, place: String(place), at }));
        const found = answer.ok ? await answer.json() : [];
        if (number === asked && area.selectionStart === place) { ways = found; chosen = 0; draw(); }
      } catch (e) { close(); }
    };
    area.addEventListener("keydown", (event) => {
      if (event.key === " " && event.ctrlKey) { event.preventDefault(); look(); return; }
      if (!ways.length) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : ways.length - 1)) % ways.length;
        draw();
      } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
        event.preventDefault(); take(chosen);
      } else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
    });
    area.addEventListener("input", () => {
      clearTimeout(timer);
      const typed = /[\w.]*$/.exec(area.value.slice(0, area.selectionStart))[0];
      if (typed.length >= 2 || typed.endsWith(".")) timer = setTimeout(look, 120); else { asked++; close(); }
    });
    area.addEventListener("blur", close);
  }

  // Statements that were asked, kept in this browser only.
  function remember(area) {
    const place = document.getElementById("asked");
    let all = [];
    try { all = JSON.parse(localStorage.getItem("tarn-asked") || "[]"); } catch (e) { all = []; }
    const now = area.defaultValue.trim();
    if (now && now.length < 5000) {
      all = [now, ...all.filter((s) => s !== now)].slice(0, 30);
      try { localStorage.setItem("tarn-asked", JSON.stringify(all)); } catch (e) { /* not kept then */ }
    }
    if (!place || !all.length) return;
    place.querySelector("ul").replaceChildren(...all.map((sql) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = "/sql?" + new URLSearchParams({ q: sql }); link.className = "cut";
      link.textContent = sql.replace(/\s+/g, " ").slice(0, 80);
      item.append(link); return item;
    }));
    place.querySelector("button").addEventListener("click", () => { localStorage.removeItem("tarn-asked"); place.hidden = true; });
    place.hidden = false;
  }

  document.addEventListener("DOMContentLoaded", () => { newest(); follow(); lineage(); editor(); });
})();
