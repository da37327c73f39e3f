// Passkeys (WebAuthn): a form with data-passkey="create" or "get" asks the browser for one when it is sent, and carries
// the answer in its field `answer`. Its options are in data-options, or come from the address data-options-at. A browser
// without passkeys, or at another address than the server's own, does not show what needs them.
'use strict';

(() => {
  const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const listed = (list) => list.map((one) => ({ ...one, id: decode(one.id) }));
  const isPossible = window.isSecureContext && window.PublicKeyCredential !== undefined && navigator.credentials !== undefined;

  const create = async (options) => {
    const made = await navigator.credentials.create({
      publicKey: {
        rp: options.rp,
        user: { ...options.user, id: decode(options.user.id) },
        challenge: decode(options.challenge),
        pubKeyCredParams: options.pubKeyCredParams,
        timeout: options.timeout,
        excludeCredentials: listed(options.excludeCredentials),
        authenticatorSelection: options.authenticatorSelection,
        attestation: options.attestation,
      },
    });
    const { response } = made;
    return {
      ticket: options.ticket,
      user: options.user.id,
      client_data: encode(response.clientDataJSON),
      attestation: encode(response.attestationObject),
      transports: response.getTransports ? response.getTransports().join(' ') : '',
    };
  };

  const get = async (options, more) => {
    const given = await navigator.credentials.get({
      ...more,
      publicKey: {
        rpId: options.rpId,
        challenge: decode(options.challenge),
        timeout: options.timeout,
        allowCredentials: listed(options.allowCredentials),
        userVerification: options.userVerification,
      },
    });
    const { response } = given;
    return {
      ticket: options.ticket,
      id: encode(given.rawId),
      client_data: encode(response.clientDataJSON),
      authenticator_data: encode(response.authenticatorData),
      signature: encode(response.signature),
      user_handle: response.userHandle ? encode(response.userHandle) : '',
    };
  };

  const read = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.dataset.optionsAt, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error('no options');
    return answer.json();
  };
  const send = (form, answer) => {
    form.elements.answer.value = JSON.stringify(answer);
    form.submit();
  };

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const isHere = !form.dataset.origin || form.dataset.origin === location.origin;
    const missing = document.getElementById('passkey-missing');
    if (!isPossible || !isHere) {
      if (missing) missing.hidden = false;
      continue;
    }
    form.hidden = false;
    const failed = form.querySelector('[data-passkey-failed]');
    let waiting = null;  // the offer beside the field of the login name
    const act = async () => {
      if (failed) failed.hidden = true;
      if (waiting) waiting.abort();
      try {
        const options = await read(form);
        send(form, form.dataset.passkey === 'create' ? await create(options) : await get(options, {}));
      } catch (error) {
        delete form.dataset.sent;
        if (failed) {
          failed.hidden = false;
          failed.focus();
        }
      }
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      act();
    });

    // The browser offers passkeys where the login name is typed. The challenge counts for five minutes, so that it is
    // asked for again before.
    const offer = async () => {
      const mine = new AbortController();
      waiting = mine;
      const again = setTimeout(() => { mine.abort(); offer(); }, 4 * 60 * 1000);
      try {
        send(form, await get(await read(form), { mediation: 'conditional', signal: mine.signal }));
      } catch (error) {
        // Nobody chose one.
      }
      if (waiting !== mine) clearTimeout(again);
    };
    if (form.dataset.passkeyOffer !== undefined && window.PublicKeyCredential.isConditionalMediationAvailable) {
      window.PublicKeyCredential.isConditionalMediationAvailable().then((can) => { if (can) offer(); }, () => {});
    }
  }
})();
