// Conveniences of the pages. Every page works without script.
'use strict';

// On the connector's listener every page stands below this.
const below = location.pathname.startsWith('/administration/') ? '/administration' : '';

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
// The answer to a download is a file, and the page stays.
for (const form of document.querySelectorAll('form[method=post]:not([data-download])')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
}
// While large files are sent, the form says so.
for (const note of document.querySelectorAll('[data-sending]')) {
  const form = note.closest('form');
  form.addEventListener('submit', () => {
    setTimeout(() => { if (form.dataset.sent) note.textContent = note.dataset.sending; }, 1000);
  });
}
// The browser's history may show the page as it was left. Then the form may be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  for (const note of document.querySelectorAll('[data-sending]')) note.textContent = '';
});

// Judges a new password while it is typed: ticks the rules, names other flaws and the strength, and compares the
// repetition. What is refused is not sent, so that nothing typed is lost. The server judges again what is sent.
for (const form of document.querySelectorAll('[data-check]')) {
  const field = form.querySelector('#new_password');
  const repeat = form.querySelector('#new_password_repeat');
  const part = (name) => form.querySelector('#' + name);
  const list = part('password-rules');
  const rules = [...list.querySelectorAll('li')].map((row) => ({ row, flaws: row.dataset.flaws.split(' ') }));
  const strength = part('password-strength');
  let waiting = 0;
  let asked = 0;

  const mark = (row, state) => {
    row.dataset.state = state;
    row.querySelector('span').textContent = state === '' ? '' : '(' + list.dataset[state] + ')';
  };
  const show = ({ flaws, kinds, unjudged, score, strength: words }) => {
    for (const { row, flaws: breaking } of rules) {
      const isOpen = breaking.every((kind) => unjudged.includes(kind));
      const isBroken = breaking.some((kind) => kinds.includes(kind));
      mark(row, isOpen ? '' : isBroken ? 'unmet' : 'met');
    }
    const isRule = (kind) => rules.some(({ flaws: breaking }) => breaking.includes(kind));
    part('password-hints').replaceChildren(...flaws.filter((flaw, index) => !isRule(kinds[index])).map((flaw) => {
      const item = document.createElement('li');
      item.textContent = flaw;
      return item;
    }));
    strength.hidden = false;
    strength.dataset.score = String(score);
    strength.querySelector('progress').value = Math.max(score, 0.25);
    strength.querySelector('span').textContent = words;
    part('password-state').textContent = flaws.length > 0 ? flaws.join(' ') : words;
    field.setCustomValidity(flaws.length > 0 ? flaws[0] : '');
  };
  const check = async () => {
    const mine = ++asked;
    if (field.value === '') return;
    try {
      const proof = form.dataset.checkAt ? { token: form.dataset.check } : { csrf: form.dataset.check };
      const body = new URLSearchParams({ ...proof, new_password: field.value });
      const answer = await fetch(form.dataset.checkAt || below + '/policy/check', { method: 'POST', body });
      if (!answer.ok) return;
      const judged = await answer.json();
      if (mine === asked) show(judged);
    } catch (error) {
      // Without a network nothing is shown. The server judges when the form is sent.
    }
  };
  const compare = (isFinished) => {
    const differs = repeat.value !== '' && repeat.value !== field.value;
    repeat.setCustomValidity(differs ? repeat.dataset.differs : '');
    if (!differs) part('repeat-state').textContent = '';
    if (differs && (isFinished || repeat.value.length >= field.value.length)) part('repeat-state').textContent = repeat.dataset.differs;
  };
  field.addEventListener('input', () => {
    asked += 1;
    field.setCustomValidity('');
    clearTimeout(waiting);
    waiting = setTimeout(check, 350);
    if (field.value === '') {
      for (const { row } of rules) mark(row, '');
      part('password-hints').replaceChildren();
      part('password-state').textContent = '';
      strength.hidden = true;
    }
    compare(false);
  });
  repeat.addEventListener('input', () => compare(false));
  repeat.addEventListener('change', () => compare(true));
}

// A form that the person need not look at.
for (const form of document.querySelectorAll('[data-at-once]')) form.requestSubmit();

// A page that one prints.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

// Escape closes the menu of a narrow screen, and the focus returns to its button.
const menu = document.querySelector('.menu-fold');
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !menu || !menu.open) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

// The number pad of a code types into its field.
for (const pad of document.querySelectorAll('[data-pad]')) {
  const field = document.getElementById(pad.dataset.pad);
  pad.hidden = false;
  pad.addEventListener('click', (event) => {
    const key = event.target.closest('button');
    if (!key) return;
    if (key.dataset.digit && field.value.length < field.maxLength) field.value += key.dataset.digit;
    if ('delete' in key.dataset) field.value = field.value.slice(0, -1);
  });
}

// Whether a message could be sent is known a moment after the page was made, so the page looks again. Who has begun to
// type has got the code.
for (const state of document.querySelectorAll('[data-look-again]')) {
  const pauses = [1, 2, 3, 5, 8, 13, 21];
  const field = document.getElementById('code');
  const hasFailed = document.getElementById('code-failed') !== null;
  const look = async () => {
    try {
      const answer = await fetch(state.dataset.lookAgain);
      const page = await answer.text();
      if (page.includes('id="code-failed"') !== hasFailed && field.value === '') location.href = state.dataset.lookAgain;
      if (!page.includes('data-look-again')) return;
    } catch (error) {
      // Without a network it is tried again.
    }
    if (pauses.length > 0) setTimeout(look, pauses.shift() * 1000);
  };
  setTimeout(look, pauses.shift() * 1000);
}

// A choice that makes a field useless switches it off.
for (const choice of document.querySelectorAll('[data-switches-off]')) {
  const field = document.getElementById(choice.dataset.switchesOff);
  const why = document.getElementById(choice.dataset.switchesOff + '-off');
  choice.addEventListener('change', () => {
    field.disabled = choice.checked;
    why.hidden = !choice.checked;
  });
}

// A button that the server refuses for some seconds waits here, too, and its sentence counts them.
for (const button of document.querySelectorAll('[data-wait]')) {
  const sentence = document.getElementById(button.getAttribute('aria-describedby'));
  const counter = sentence.querySelector('[data-wait-left]');
  const end = Date.now() + Number(button.dataset.wait) * 1000;
  const count = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    sentence.hidden = left <= 0;
    counter.textContent = '(' + Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0') + ')';
    return left > 0;
  };
  if (count()) {
    const timer = setInterval(() => {
      if (!count()) clearInterval(timer);
    }, 1000);
  }
}

// The warning page loads the next page when the session has ended.
const leaveAfter = Number(document.body.dataset.leaveAfter);
if (leaveAfter > 0) setTimeout(() => { location.href = document.body.dataset.leaveTo; }, leaveAfter * 1000);

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
      location.href = clock.dataset.leaveTo;
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
      const answer = await fetch(below + '/account/session', options);
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

  const count = document.getElementById('clock-count');
  setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (count) count.textContent = [Math.floor(Math.max(left, 0) / 60), Math.max(left, 0) % 60].map((part) => String(part).padStart(2, '0')).join(':');
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
