// Sends the form that carries the answer to an application, so that nobody has to press its button.
'use strict';

document.querySelector('form[data-send-at-once]')?.requestSubmit();
