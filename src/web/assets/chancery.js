// Conveniences of the pages. Every page works without script.
'use strict';

// Show the password.
for (const button of document.querySelectorAll('[data-reveal]')) {
  const field = button.parentElement.querySelector('input');
  button.hidden = false;
  button.addEventListener('click', () => {
    const shown = field.type === 'text';
    field.type = shown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!shown));
  });
  // Before sending, the field becomes a password field again, because browsers remember the values of text fields.
  field.form.addEventListener('submit', () => { field.type = 'password'; });
}

// Further clicks on the button of a form that is being sent do nothing.
for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
}
// The browser's history may show the page as it was left. Then the form may be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// Shows the flaws of a new password while it is typed. The server judges it again when the form is sent.
for (const form of document.querySelectorAll('[data-check]')) {
  const field = form.querySelector('#new_password');
  const hints = form.querySelector('#password-hints');
  let waiting = 0;
  let asked = 0;
  const check = async () => {
    const mine = ++asked;
    const show = (flaws) => {
      if (mine !== asked) return;
      hints.replaceChildren(...flaws.map((flaw) => {
        const item = document.createElement('li');
        item.textContent = flaw;
        return item;
      }));
    };
    if (field.value === '') return show([]);
    try {
      const proof = form.dataset.checkAt ? { token: form.dataset.check } : { csrf: form.dataset.check };
      const body = new URLSearchParams({ ...proof, new_password: field.value });
      const answer = await fetch(form.dataset.checkAt || '/policy/check', { method: 'POST', body });
      if (answer.ok) show((await answer.json()).flaws);
    } catch (error) {
      // Without a network nothing is shown. The server judges when the form is sent.
    }
  };
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 350);
  });
}

// The warning page loads the next page when the session has ended.
const leaveAfter = Number(document.body.dataset.leaveAfter);
if (leaveAfter > 0) setTimeout(() => { location.href = '/logout/expired'; }, leaveAfter * 1000);

// Time until the automatic logout.
const clock = document.getElementById('clock');
if (clock) {
  const dialog = document.getElementById('warning');
  const countdown = document.getElementById('countdown');
  const warning = Number(clock.dataset.warning);
  let end = Date.now() + Number(clock.dataset.left) * 1000;
  let asking = false;
  let emptied = false;

  const take = (state) => {
    if (!state.logged_in) {
      location.href = '/logout/expired';
      return;
    }
    if (emptied) {
      location.reload();
      return;
    }
    end = Date.now() + state.seconds_left * 1000;
    document.getElementById('clock-end').textContent = state.end;
    if (state.seconds_left > warning && dialog.open) dialog.close();
  };
  // The session is over as far as this page knows, and no server says otherwise: the next person at this computer must
  // not read what the page shows.
  const empty = () => {
    emptied = true;
    for (const part of document.querySelectorAll('main, .who')) part.replaceChildren();
  };
  // Another tab may have extended the session, so the server is asked.
  const ask = async (options) => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch('/account/session', options);
      if (answer.ok) take(await answer.json());
    } catch (error) {
      // Without a network it is tried again after a second.
      if (Date.now() >= end) empty();
    } finally {
      asking = false;
    }
  };
  const stay = () => {
    ask({ method: 'POST', body: new URLSearchParams({ csrf: clock.dataset.csrf }) });
  };
  document.getElementById('stay').addEventListener('click', stay);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    stay();
  });

  setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      ask();
    } else if (left <= warning) {
      const seconds = String(left % 60).padStart(2, '0');
      countdown.textContent = Math.floor(left / 60) + ':' + seconds;
      if (!dialog.open) {
        ask();
        if (typeof dialog.showModal === 'function') dialog.showModal();
      }
    }
  }, 1000);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask();
  });
}
