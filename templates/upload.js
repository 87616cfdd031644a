// The one script: files dropped on the form, how much of them was sent, and how far a job is. Every page works without it.
"use strict";

(function () {
  const byId = (id) => document.getElementById(id);
  const say = (id, words) => {
    const place = byId(id);
    if (place && place.textContent !== words) place.textContent = words;
  };

  // The error summary takes focus, so that it is read first.
  const attend = () => {
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  };

  // Drops: the form's own field takes them, so that what is sent is the same.
  const drops = (zone, field) => {
    const words = zone.querySelector(".drop-words");
    if (words) words.hidden = false;
    const list = byId("chosen");
    const show = () => {
      const names = Array.from(field.files, (file) => file.name);
      list.replaceChildren(...names.map((name) => {
        const line = document.createElement("li");
        line.textContent = name;
        return line;
      }));
      list.hidden = names.length < 2;
    };
    field.addEventListener("change", show);
    for (const name of ["dragenter", "dragover"]) {
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.add("drop-over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      zone.addEventListener(name, () => zone.classList.remove("drop-over"));
    }
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer || event.dataTransfer.files.length === 0) return;
      const all = new DataTransfer();
      for (const file of field.files) all.items.add(file);
      for (const file of event.dataTransfer.files) all.items.add(file);
      field.files = all.files;
      show();
    });
  };

  // Sending, with how much of it is done. What comes back is a page, as without a script.
  const sends = (form) => {
    form.addEventListener("submit", (event) => {
      if (byId("file").files.length === 0) return;
      event.preventDefault();
      const button = form.querySelector("button[type=submit]");
      const request = new XMLHttpRequest();
      let tenth = -1;
      button.disabled = true;
      byId("sending").hidden = false;
      request.upload.addEventListener("progress", (sent) => {
        if (!sent.lengthComputable || sent.total === 0) return;
        const share = Math.floor((sent.loaded * 100) / sent.total);
        byId("sent").value = share;
        say("sending-words", `Sending the files: ${share} %`);
        if (Math.floor(share / 10) !== tenth) {
          tenth = Math.floor(share / 10);
          say("sending-said", `${share} % sent`);
        }
      });
      request.addEventListener("load", () => {
        if (request.status === 200) {
          location.assign(request.responseURL);
          return;
        }
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const main = page.querySelector("main");
        if (!main) {
          form.submit();
          return;
        }
        document.title = page.title;
        byId("main").replaceChildren(...main.childNodes);
        start();
      });
      request.addEventListener("error", () => {
        button.disabled = false;
        say("sending-words", "The connection broke off: nothing was kept. Send the files again.");
        say("sending-said", "The connection broke off");
      });
      request.open("POST", form.action);
      request.send(new FormData(form));
    });
  };

  // How far a job is; when it has ended, or waits for somebody, its page is there.
  const watches = (place) => {
    const events = new EventSource(place.dataset.events);
    let tenth = -1;
    events.addEventListener("progress", (event) => {
      const far = JSON.parse(event.data);
      const bar = byId("far");
      if (far.state === "running" && far.all > 0) {
        bar.max = far.all;
        bar.value = far.done;
      }
      say("far-words", far.words);
      if (far.tenths !== tenth) {
        tenth = far.tenths;
        say("far-said", far.words);
      }
    });
    events.addEventListener("ended", () => {
      events.close();
      location.reload();
    });
    events.addEventListener("lost", () => {
      events.close();
      setTimeout(() => location.reload(), 2000);
    });
  };

  const start = () => {
    attend();
    const form = byId("upload");
    if (form) {
      drops(byId("drop"), byId("file"));
      sends(form);
    }
    const place = document.querySelector("[data-events]");
    if (place) watches(place);
  };

  start();
})();
