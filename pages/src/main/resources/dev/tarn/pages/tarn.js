"use strict";
// Everything here makes the pages more convenient; without it they say and do the same.
(function () {
  const places = { h: "/", r: "/runs", j: "/jobs", c: "/catalog", l: "/lineage", k: "/checks", g: "/grid", s: "/sql", i: "/ingest", y: "/system" };
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
          if (fresh) main.replaceWith(fresh);
          const newLog = document.querySelector(".log");
          if (newLog) newLog.scrollTop = atEnd ? newLog.scrollHeight : top;
        }
      } catch (e) { /* the server is away for a moment: try again */ }
      follow();
    }, Number(seconds) * 1000);
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
    // The ticket is of no use to whoever gets the address.
    const address = new URL(location.href);
    if (address.searchParams.has("ticket")) {
      address.searchParams.delete("ticket");
      history.replaceState(null, "", address);
    }
    const here = area.dataset.offset;
    if (here) { area.focus(); area.setSelectionRange(Number(here), Number(here) + 1); }
  }

  document.addEventListener("DOMContentLoaded", () => { follow(); lineage(); editor(); });
})();
