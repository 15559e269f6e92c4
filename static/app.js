/* Progressive enhancement: everything works without this file. No eval, no inline handlers; texts come from shared/_client.html.
   Sections: 1 requests and dirty-only saves · 2 morph guard · 3 save state and failures · 4 toasts · 5 dialog · 6 menus, dates, folds ·
   7 lookup · 8 grid keys · 9 selection · 10 details pane, rows, paste · 11 page keys · 12 bare lines */
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const on = (types, f, o) => types.split(' ').forEach(t => document.addEventListener(t, f, o));
  const say = $('#app-strings').dataset, toasts = $('#toasts'), dialog = $('#dialog'), main = $('#main');
  const visible = el => el.checkVisibility({ visibilityProperty: true });

  /* 12 Lines come bare: what many share stands once in a template, a line has its number and its contact (blueprints/segments/line_rows.py).
     They are put together before anything looks at them, in the page and in what HTMX brings. The cookie tells the server that it may. */
  document.cookie = `lines=bare; path=/; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
  const BARE = /<tr id="line-(\d+)" class="line" data-like="(\d+)"><td><\/td><td class="ro">(.*?)<\/td><td class="ro">(.*?)<\/td><td class="ro c-co">(.*?)<\/td><td>(.*?)<\/td><\/tr>/gs;
  const together = (rows, likes) => rows.replace(BARE, (_, no, like, link, name, company, pin) => {
    const quoted = text => text.replace(/"/g, '&quot;'), contact = quoted(name), firm = quoted(company);
    const own = { no, contact_link: link, contact, who: contact || quoted(likes.nobody), company: firm, pin };
    return likes[like].replace(/\ue000(\w+)\ue001/g, (_, place) => own[place]);
  });
  const likesIn = root => { const likes = { nobody: say.nobody }; for (const t of $$('template[data-like]', root)) likes[t.dataset.like] = t.innerHTML; return likes; };
  if ($('[data-like]')) { const body = $('#lines-body'); body.innerHTML = together(body.innerHTML, likesIn(document)); $$('template[data-like]').forEach(t => t.remove()); }
  on('htmx:beforeSwap', e => {
    const { detail } = e;
    if (!detail.serverResponse.includes(' data-like="')) return;
    const likes = { nobody: say.nobody };
    const rest = detail.serverResponse.replace(/<template data-like="(\d+)">(.*?)<\/template>/gs, (_, like, row) => { likes[like] = row; return ''; });
    detail.serverResponse = together(rest, likes);
  });

  /* 1 The value the server rendered is the last saved one (defaultValue): no bookkeeping. Refused fields count as changed until they are right. */
  const FIELDS = 'input[name]:not([type=hidden]), select[name], textarea[name]';
  const isBox = el => el.type === 'checkbox' || el.type === 'radio';
  const saved = el => isBox(el) ? el.defaultChecked : el.tagName === 'SELECT' ? ([...el.options].find(o => o.defaultSelected) || el.options[0] || {}).value : el.defaultValue;
  const value = el => isBox(el) ? el.checked : el.value;
  const dirty = el => value(el) !== saved(el) || el.getAttribute('aria-invalid') === 'true';
  const savable = root => $$(FIELDS, root).filter(el => !el.hasAttribute('data-select') && !el.disabled);

  const longForm = el => (el.form || el).closest?.('form[data-refreshes]');   // sends itself to follow what is chosen, its buttons to end it
  on('click', e => { const b = e.target.closest('form[data-refreshes] button[hx-post]'); if (b) b.form._ending = true; }, true);
  on('htmx:confirm', e => { if (e.detail.elt._ending) e.preventDefault(); });   // it is being sent for good: nothing takes the button's place in the queue
  on('htmx:configRequest', e => {
    const { elt, formData, headers, verb, triggeringEvent } = e.detail, long = longForm(elt);
    if (verb !== 'get') headers['X-CSRFToken'] = token.content;
    if (elt.getAttribute('role') === 'combobox') {                       // a lookup sends only q
      const q = triggeringEvent?.type === 'lookup' && !dirty(elt) ? '' : elt.value;
      [...formData.keys()].forEach(k => formData.delete(k));
      elt._asked = q;
      return formData.set('q', q);
    }
    formData.delete('csrf_token');                                       // the header has it
    if (long) savable(long).forEach(el => { el._sent = value(el); });
    if (elt.hasAttribute('data-dirty-only')) {
      const fields = savable(elt), changed = new Set(fields.filter(dirty).map(el => el.name));
      if (!changed.size) return e.preventDefault();
      formData.delete('sel');
      for (const el of fields) {
        if (changed.has(el.name)) {
          el._sent = value(el);
          if (elt.matches('.line') && !formData.has('was-' + el.name)) formData.set('was-' + el.name, saved(el));
        }
        else if (!el.hasAttribute('data-always')) { formData.delete(el.name); formData.delete('was-' + el.name); }
      }
    }
    $$('[data-picked]', long || elt).forEach(el => formData.has(el.name) && formData.set(el.name, el.dataset.picked));
  });
  on('formdata', e => $$('[data-picked]', e.target).forEach(el => e.formData.has(el.name) && e.formData.set(el.name, el.dataset.picked)));
  on('keydown', e => {                                                   // Enter in a card that saves itself, and in a long form, goes on to the next field
    if (e.key !== 'Enter' || e.defaultPrevented || e.isComposing || !e.target.matches('form[data-dirty-only] :is(input, select), form[data-refreshes] :is(input:not([type=file]), select)')) return;
    e.preventDefault();
    const fields = savable(e.target.form).filter(visible);
    (fields[fields.indexOf(e.target) + (e.shiftKey ? -1 : 1)] || e.target).focus();
    if (document.activeElement === e.target) e.target.dispatchEvent(new Event('change', { bubbles: true }));
  });

  /* 2 Never overwrite what was typed after the request left; folded cards stay folded. */
  Object.assign(Idiomorph.defaults.callbacks, {
    beforeNodeMorphed: (old, fresh) => {
      if (!old.matches?.(FIELDS)) return true;
      const base = old._sent ?? saved(old);
      return value(old) === base || value(old) === value(fresh);
    },
    afterNodeMorphed: (old, fresh) => { if (old._sent !== undefined) delete old._sent; if (old.tagName === 'SELECT') old.value = fresh.value; },
    beforeAttributeUpdated: (name, node, change) => !(change === 'remove' && node._lent?.has(name)) && !(name === 'open' && (node.tagName === 'DETAILS' || node.tagName === 'DIALOG')),
  });

  /* 3 Save state beside the title; failures keep what was typed and say so. */
  let failed = false, busyTimer;
  const show = state => { const el = $('#saved'); if (el && el.dataset.state !== state) { el.dataset.state = state; $('.saved-text', el).textContent = el.dataset[state]; } };
  const settle = () => { clearTimeout(busyTimer); show($('[data-dirty-only].htmx-request') ? 'busy' : failed || $('[data-dirty-only] [aria-invalid=true]') ? 'bad' : 'ok'); };
  on('htmx:beforeRequest', e => { if (e.detail.requestConfig.verb !== 'get') { clearTimeout(busyTimer); busyTimer = setTimeout(() => show('busy'), 300); } });
  const named = (el, attribute) => (el.getAttribute(attribute) || '').split(' ').map(id => document.getElementById(id)).filter(Boolean).map(x => (x.value || x.textContent).trim());
  const nameOf = el => named(el, 'aria-labelledby').join(', ') || el.ariaLabel || el.labels?.[0]?.textContent || '';
  on('htmx:afterRequest', e => {
    const { elt, xhr, requestConfig } = e.detail;
    if (requestConfig.verb === 'get') return;
    failed = xhr.status === 0 || (xhr.status >= 400 && xhr.status !== 409 && xhr.status !== 422);
    const long = longForm(elt);
    if (failed) $$(FIELDS, long || elt).forEach(el => delete el._sent);
    if (xhr.status >= 400 || failed) elt._submitted = false;
    setTimeout(settle, 50);
    const bad = xhr.status === 422 && elt.id && $('[aria-invalid=true]', long || document.getElementById(elt.id) || document);
    if (bad) $('#announce').textContent = `${nameOf(bad)}: ${named(bad, 'aria-describedby')[0] || ''}`;
    if (!long || long === elt) return;
    long._ending = false;
    long._submitted = xhr.status > 0 && xhr.status < 400;
    if ([409, 413, 422].includes(xhr.status)) $$('[type=file]', long).forEach(el => { el.value = ''; });   // stored or refused
    if (xhr.status >= 400 || failed) (bad || elt).focus();
    if (!bad) $('.notice', long)?.scrollIntoView({ block: 'nearest' });
  });
  const retry = () => $$('[data-dirty-only]').forEach(root => savable(root).find(dirty)?.dispatchEvent(new Event('change', { bubbles: true })));
  const fail = text => { if ($$('#toasts p').some(p => p.textContent === text)) return; toast(text, savable(document).some(el => el.closest('[data-dirty-only]') && dirty(el))); };
  on('htmx:sendError', () => fail(say.offline));
  on('htmx:timeout', () => fail(say.timeout));
  on('htmx:beforeSwap', e => {                                           // a refusal in the server's own words
    if (e.detail.xhr.getResponseHeader('HX-Retarget') === '#toasts') Object.assign(e.detail, { shouldSwap: true, isError: false });
  });
  on('htmx:responseError', e => fail((e.detail.requestConfig.verb === 'get' ? say.unloaded : say.failed).replace('{status}', e.detail.xhr.status)));
  addEventListener('online', retry);
  /* The session has ended: a page on which something was typed stays. Signing in again makes a new token, which a refusal brings. */
  const token = $('meta[name=csrf-token]'), refused = new Set();
  const again = (el, event) => setTimeout(() => {
    if (el.matches('[data-dirty-only], .newline')) savable(el).find(dirty)?.dispatchEvent(new Event('change', { bubbles: true }));
    else if (event?.type === 'submit') el.requestSubmit(event.submitter);
    else if (event) htmx.trigger(el, event.type);
  });
  const retryRefused = () => { const all = [...refused].filter(el => el.isConnected); refused.clear(); all.length ? all.forEach(el => again(el)) : retry(); };
  on('htmx:beforeOnLoad', e => {
    const { elt, xhr, requestConfig: { triggeringEvent } } = e.detail, fresh = xhr.getResponseHeader('X-CSRFToken');
    if (xhr.status === 401 && (savable(document).some(dirty) || $('form[data-touched]'))) {           // else HX-Redirect leads to the sign-in page and back
      e.preventDefault();
      if (elt.matches('[data-dirty-only], .newline')) refused.add(elt);
      if (!$('#session-toast')) toasts.append($('#session-template').content.cloneNode(true));
    } else if (xhr.status === 400 && fresh && xhr.getResponseHeader('X-User') !== token.dataset.user) { e.preventDefault(); fail(say.otherUser); }
    else if (xhr.status === 400 && fresh && !elt._again && (triggeringEvent || elt.matches('[data-dirty-only]'))) {
      e.preventDefault(); elt._again = true;                             // once
      token.content = fresh; $$('input[name=csrf_token]').forEach(el => { el.value = fresh; });
      again(elt, triggeringEvent);
    } else { delete elt._again; if (xhr.status < 400) $('#session-toast')?.remove(); }
  });
  on('click', e => { if (e.target.closest('[data-retry]')) retryRefused(); if (e.target.closest('[data-close-window]')) close(); });
  addEventListener('focus', () => { if ($('#session-toast')) retryRefused(); });
  on('submit', e => {                                                    // a button with data-busy says what takes so long; once is enough
    const { target: form, submitter: b } = e;
    if (form._busy) return e.preventDefault();
    form._submitted = !b?.formTarget;                                    // a letter in another window leaves the page open
    if (!b?.dataset.busy) return;
    form._busy = true;
    $('.btn-label', b).textContent = $('#announce').textContent = b.dataset.busy;
    $$('button', form).forEach(other => other.setAttribute('aria-disabled', 'true'));
    form.classList.add('htmx-request');                                  // the bar at the top
  });
  addEventListener('pageshow', e => { if (e.persisted && $$('form').some(form => form._busy)) location.reload(); });
  addEventListener('beforeunload', e => {
    const open = $('[data-dirty-only].htmx-request') || $$('[data-dirty-only], form[data-guard]').some(root => !root._submitted && savable(root).some(dirty));
    if (open) e.preventDefault();
  });

  addEventListener('pagehide', () => $$('form[data-keep]').forEach(form => {   // what was begun is kept, to be finished later
    if (form._submitted || !(form.hasAttribute('data-touched') || savable(form).some(dirty))) return;
    const data = new FormData(form);
    data.delete('document');
    navigator.sendBeacon(form.dataset.keep, data);
  }));

  /* 4 Toasts go after 10 seconds, paused while hovered or focused; warnings and errors stay. */
  function toast(text, again) {
    const t = $('#toast-template').content.firstElementChild.cloneNode(true);
    $('p', t).textContent = text;
    if (again) { const b = document.createElement('button'); b.type = 'button'; b.className = 'btn sm'; b.textContent = say.retry; b.dataset.dismiss = ''; b.addEventListener('click', retry); $('p', t).after(b); }
    toasts.append(t);
  }
  const arm = t => {
    if (!t.classList?.contains('toast') || t._armed) return;
    t._armed = true;
    const undone = $('form', t)?.getAttribute('hx-target'), all = [...toasts.children], older = all.slice(0, all.indexOf(t)).filter(x => !x.hidden && !x.contains(document.activeElement));
    older.filter(x => (undone && $('form', x)?.getAttribute('hx-target') === undone) || $('p', x)?.textContent === $('p', t)?.textContent).forEach(x => x.remove());   // the newer one says it
    older.filter(x => x.isConnected && !x.matches('.warn, .error, [hidden]')).slice(0, -2).forEach(x => x.remove());
    if (dialog.open) dialog.append(toasts);                             // a modal dialog makes everything else inert
    if (t.matches('.warn, .error')) return;
    let left = 10;
    const id = setInterval(() => { if (!t.isConnected || (!t.matches(':hover, :focus-within') && --left <= 0)) { clearInterval(id); t.remove(); } }, 1000);
  };
  on('htmx:oobBeforeSwap', e => {                                        // the carrier stays outside: the morph extension would keep it
    if (e.detail.target === toasts) [...e.detail.fragment.children].forEach(x => { if (!x.matches('.toast') && $('.toast', x)) x.replaceWith(...x.childNodes); });
  });
  [...toasts.children].forEach(arm);
  new MutationObserver(m => m.forEach(r => r.addedNodes.forEach(arm))).observe(toasts, { childList: true });
  on('click', e => {                                                    // its own request must still be heard of when it ends
    const b = e.target.closest('[data-dismiss]');
    if (b) setTimeout(() => { const t = b.closest('.toast'); if (t) $('.htmx-request', t) ? t.hidden = true : t.remove(); });
  });
  on('htmx:afterRequest', e => e.detail.elt.closest('.toast[hidden]')?.remove());

  /* 5 Dialog: whatever is swapped into it opens it, nothing left in it closes it; focus returns to where it was. */
  let opener;
  const openDialog = () => { if (!dialog.open) { opener = document.activeElement; dialog.showModal(); } if (toasts.firstElementChild) dialog.append(toasts); ($('[aria-invalid=true]', dialog) || $('[autofocus]', dialog))?.focus(); };
  const takeOut = () => { if (list.box) main.append(list.box); if (dialog.contains(toasts)) document.body.append(toasts); };
  on('htmx:beforeSwap', e => { if (e.detail.target === dialog) takeOut(); });
  on('htmx:afterSwap', e => { if (e.detail.target === dialog) dialog.firstElementChild ? openDialog() : dialog.close(); });
  on('htmx:afterSwap htmx:oobAfterSwap', e => {                          // focused once: HTMX would do it again when it settles, while somebody types in the next field
    const fresh = $$('[autofocus]', e.target);
    if (document.activeElement === document.body) fresh[0]?.focus();
    fresh.forEach(el => el.removeAttribute('autofocus'));
  });
  on('dialog:close', () => dialog.close());
  on('submit', e => {                                                    // a dialog opened as a page of its own answers with pages, as without JavaScript
    if (e.target.closest('.dialog-page') && e.target.getAttribute('hx-target') === '#dialog' && !e.target.closest('dialog')) e.stopPropagation();
  }, true);
  on('click', e => { const b = e.target.closest('[data-close]'); if (b && dialog.open && dialog.contains(b)) { e.preventDefault(); dialog.close(); } });
  dialog.addEventListener('cancel', e => { if ($('form.htmx-request', dialog)) e.preventDefault(); });                     // a change is on its way
  dialog.addEventListener('close', () => {
    if (dialog.open) return;                                             // another one has been opened meanwhile
    takeOut();
    $$('.htmx-request', dialog).forEach(el => htmx.trigger(el, 'htmx:abort'));
    dialog.replaceChildren();
    const back = opener?.isConnected ? opener : opener?.id && document.getElementById(opener.id);
    if (document.activeElement === document.body || !document.activeElement?.isConnected) (back || main).focus();
  });

  on('click input', e => { const b = e.target.closest('[data-checks]'); if (b && (e.type === 'input' || b.tagName === 'A')) document.getElementById(b.dataset.checks).checked = true; });   // the number that is called
  on('input', e => {
    const link = document.getElementById(e.target.dataset.dials), typed = e.target.value;
    if (!link) return;
    const digits = (/^\s*(\+|00)/.test(typed) ? typed.replaceAll('(0)', '') : typed).replace(/[^0-9+*#]/g, '').replace(/(?!^)\+/g, '');
    link.hidden = !/\d/.test(digits);
    link.href = `tel:${digits}`;
  });

  /* 6 Menus, calendar button, folded cards on a phone. */
  on('click focusin', e => $$('[data-menu][open]').forEach(m => { if (!m.contains(e.target)) m.open = false; }));
  on('click', e => { const m = e.target.closest('.menu-list a, .menu-list button'); if (m && !m.closest('.menu-form')) m.closest('[data-menu]').open = false; });
  on('keydown', e => {
    const m = e.target.closest?.('[data-menu]');
    if (!m) return;
    if (e.key === 'Escape' && m.open) { e.preventDefault(); m.open = false; $('summary', m).focus(); }
    if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && !e.target.matches('input')) {
      e.preventDefault(); m.open = true;
      const items = $$('.menu-list :is(a, button)', m).filter(visible), i = items.indexOf(document.activeElement) + (e.key === 'ArrowDown' ? 1 : -1);
      items.at(i < 0 ? -1 : i % items.length)?.focus();
    }
  });
  on('click', e => {
    const b = e.target.closest('[data-pick-date]'), field = b && document.getElementById(b.dataset.pickDate);
    if (!field) return;
    const native = Object.assign(document.createElement('input'), { type: 'date', className: 'native-date', tabIndex: -1 });
    native.value = /^\d{4}-\d\d-\d\d$/.test(field.value) ? field.value : field.dataset.iso || '';
    native.addEventListener('change', () => { field.value = native.value; field.dispatchEvent(new Event('change', { bubbles: true })); field.focus(); });
    native.addEventListener('blur', () => native.remove());
    $$('.native-date', b.parentNode).forEach(x => x.remove());
    b.after(native); native.setAttribute('aria-hidden', 'true'); native.showPicker();
  });
  /* Choices of a filter complete what stands behind the last sign, so that "A|" goes on to "A|B". */
  on('focusin input', e => {
    const list = e.target.matches?.('input[list]') && e.target.list;
    if (!list) return;
    const typed = e.target.value;
    let head = 0, quoted = false;
    for (let i = 0; i < typed.length; i++) {
      if (typed[i] === "'") quoted = !quoted;
      else if (!quoted && ('|&(<>='.includes(typed[i]) || (typed[i] === '.' && typed[i - 1] === '.') || (typed[i] === ' ' && head === i))) head = i + 1;
    }
    const before = typed.slice(0, head);
    if (list.dataset.before === before) return;
    list.dataset.before = before;
    $$('option', list).forEach(o => { o.dataset.own ??= o.value; o.value = before + o.dataset.own; });
  });
  /* Actions stay in their bar while there is room; the lowest go under "…" first. On a phone app.css decides. */
  const phone = matchMedia('(width < 46rem)');
  const fit = bar => {
    const more = $('.more', bar), low = el => el.matches('.hide-80') ? 2 : el.matches('.hide-66') ? 1 : 0;
    bar.classList.toggle('measured', !phone.matches);
    $$('.folded', bar).forEach(el => el.classList.remove('folded')); $$('.unfolded', bar).forEach(el => el.classList.remove('unfolded'));
    if (!more || phone.matches) return;
    const items = [...bar.children].filter(el => el.className.includes('fold-')).reverse().sort((a, b) => low(b) - low(a));
    const always = $$('.menu-list > *', more).some(el => !el.className.includes('fold-'));
    more.classList.toggle('folded', !always);
    for (const item of items) {
      if (bar.scrollWidth <= bar.clientWidth) break;
      item.classList.add('folded'); more.classList.remove('folded');
      $$('.' + item.className.match(/fold-\d+/)[0], more).forEach(el => el.classList.add('unfolded'));
    }
  };
  const fitNew = () => $$('.actions:not(.measured)').forEach(fit);
  new ResizeObserver(() => $$('.actions').forEach(fit)).observe(main);
  on('htmx:afterSwap htmx:oobAfterSwap', fitNew);
  if (phone.matches) $$('.cards > details').forEach(d => { d.open = false; });

  /* 7 Lookup: WAI-ARIA combobox, one shared listbox in the top layer; focus never leaves the field. */
  const list = { box: $('#lookup'), field: null };
  const options = () => $$('[role=option]', list.box), listed = () => list.box?.matches(':popover-open');
  const place = () => {
    const r = list.field.getBoundingClientRect(), w = Math.min(Math.max(r.width, 380), innerWidth - 16), h = list.box.offsetHeight, s = list.box.style;
    s.setProperty('width', w + 'px'); s.setProperty('left', Math.max(8, Math.min(r.left, innerWidth - w - 8)) + 'px');
    s.setProperty('top', (r.bottom + h + 8 > innerHeight && r.top > h ? r.top - h - 2 : r.bottom + 2) + 'px');
  };
  const ask = el => { list.field = el; el.focus(); htmx.trigger(el, 'lookup'); };
  const unlist = () => { if (listed()) list.box.hidePopover(); list.field?.setAttribute('aria-expanded', 'false'); list.field?.removeAttribute('aria-activedescendant'); };
  const mark = o => {
    options().forEach(x => x.setAttribute('aria-selected', x === o));
    if (o) { list.field.setAttribute('aria-activedescendant', o.id); o.scrollIntoView({ block: 'nearest' }); } else list.field.removeAttribute('aria-activedescendant');
  };
  const choose = o => {
    const el = list.field;
    htmx.trigger(el, 'htmx:abort');                                      // an answer still under way would open the list again
    unlist();
    if (o.dataset.url) return location.assign(o.dataset.url);
    el.value = o.dataset.label; el.dataset.picked = o.dataset.value;
    el.dispatchEvent(new Event('change', { bubbles: true }));
  };
  on('htmx:beforeSwap', e => { if (e.detail.target.id === 'lookup-list' && e.detail.requestConfig.elt !== list.field) e.detail.shouldSwap = false; });   // an answer to a field left or gone
  const answers = el => el._asked === el.value;                          // the list is about what stands in the field
  on('htmx:afterSwap', e => {
    if (e.detail.target.id !== 'lookup-list') return;
    if (document.activeElement !== list.field) return meant(list.field);
    (list.field.closest('dialog') || main).append(list.box);             // a modal dialog makes everything else inert
    if (!listed()) list.box.showPopover();
    e.detail.target.setAttribute('aria-label', list.field.dataset.listLabel || '');
    place(); list.field.setAttribute('aria-expanded', 'true'); mark(list.field.value && dirty(list.field) && answers(list.field) ? options()[0] : null);
  });
  on('input', e => { if (e.target.matches('[role=combobox]')) { list.field = e.target; delete e.target.dataset.picked; mark(null); } });   // nothing is chosen from a list about less
  on('click', e => { const b = e.target.closest('[data-open-lookup]'); if (b) listed() ? unlist() : ask(document.getElementById(b.dataset.openLookup)); });
  on('mousedown', e => { if (e.target.closest('#lookup, [data-open-lookup]')) { e.preventDefault(); const o = e.target.closest('[role=option]'); if (o) choose(o); } });
  on('focusout', e => { if (e.target === list.field) setTimeout(() => { if (document.activeElement !== list.field) unlist(); }); });
  on('keydown', e => {                                                   // before the grid and the page
    if (!e.target.matches?.('[role=combobox]') || e.isComposing) return;
    const all = options(), i = all.findIndex(o => o.getAttribute('aria-selected') === 'true');
    const done = () => { e.preventDefault(); e.stopImmediatePropagation(); };
    if (e.key === 'ArrowDown' && (e.altKey || (!listed() && !e.target.matches('.cell')))) { done(); return ask(e.target); }
    if (!listed() || list.field !== e.target) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { done(); mark(all.at((i + (e.key === 'ArrowDown' ? 1 : i < 0 ? 0 : -1)) % all.length)); }
    else if (e.key === 'Escape') { done(); unlist(); }
    else if (e.key === 'Enter' && i >= 0) { done(); choose(all[i]); if (e.target.matches('.cell') && !e.target.closest('.newline')) step(e.target, 1); }
    else if (e.key === 'Tab') { if (i >= 0) choose(all[i]); else unlist(); }
  }, true);

  /* Reply desk: Enter in the contact field goes on to the outcomes, a digit chooses one, Enter sends. Enter before the list is
     there goes on too: the server says whom the text means. What is typed while an answer is on its way waits for the next one. */
  const outcomes = el => { const form = el?.closest?.('[data-desk]'); return form ? $$('input[type=radio]', form) : []; };
  const toOutcomes = el => { const all = outcomes(el); (all.find(r => r.checked) || all[0])?.focus(); };
  const meant = el => {                                                  // the name is shown if there is no doubt
    const all = options(), typed = el?.value.trim().toLowerCase();
    const one = all.find(o => o.dataset.value.toLowerCase() === typed) || (all.length === 1 && !/^\d+$/.test(typed) && all[0]);
    if (one && answers(el) && outcomes(el).includes(document.activeElement)) { el.value = one.dataset.label; el.dataset.picked = one.dataset.value; }
  };
  const press = (el, key) => {                                           // whether the key did something at the desk
    const all = outcomes(el), keyed = el.type === 'radio' && all.find(r => r.dataset.key === key);
    if (keyed) { keyed.checked = true; keyed.focus(); return true; }
    if (key !== 'Enter' || !el.matches('[role=combobox]') || !el.value.trim()) return false;
    if (!el.dataset.picked) { list.field = el; htmx.trigger(el, 'lookup'); }
    toOutcomes(el);
    return true;
  };
  on('change', e => { if (e.target.dataset.picked) setTimeout(() => document.activeElement === e.target && toOutcomes(e.target)); });
  on('keydown', e => {
    if (!outcomes(e.target).length || e.defaultPrevented || e.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
    if (press(e.target, e.key)) e.preventDefault();
  });
  const ahead = { on: false, keys: [] };
  on('keydown', e => {
    const el = document.activeElement;
    if (!ahead.on || dialog.open || e.isComposing || e.ctrlKey || e.altKey || e.metaKey || !(el === document.body || el.closest('#desk'))) return;
    if (e.key.length === 1 || e.key === 'Enter' || e.key === 'Backspace') { e.preventDefault(); e.stopImmediatePropagation(); ahead.keys.push(e.key); }
  }, true);
  const stands = field => field.value || $('[aria-invalid=true]', field.form);
  const catchUp = () => {
    const keys = ahead.keys.splice(0), field = $('#reply-contact');
    ahead.on = false;
    if (!field || !keys.length) return;
    if (stands(field)) return toast(say.ahead.replace('{text}', keys.join('').replaceAll('Enter', ' ⏎ ').replaceAll('Backspace', '⌫')));
    field.focus();
    while (keys.length) {
      const key = keys.shift(), el = document.activeElement;
      if (press(el, key)) continue;
      if (key === 'Enter' && el.type === 'radio') { field.form.requestSubmit(); ahead.keys.unshift(...keys); return; }
      if (el === field && key !== 'Enter') field.value = key === 'Backspace' ? field.value.slice(0, -1) : field.value + key;
    }
    if (document.activeElement === field) field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  on('htmx:beforeRequest', e => { if (e.detail.elt.matches('[data-desk]')) ahead.on = true; });
  on('htmx:afterRequest', e => {
    if (!e.detail.requestConfig.elt.matches('[data-desk]')) return;
    const field = $('#reply-contact');
    if (!ahead.keys.length || stands(field)) catchUp();
    setTimeout(() => { if ($('[data-desk].htmx-request')) return; catchUp(); if (document.activeElement === field && field.matches('[data-list-now]')) ask(field); }, 60);   // when HTMX has settled
  });

  /* 8 Grid keys, as in a spreadsheet. data-enter="down" on the grid: Enter goes down. */
  const rows = () => $$('[data-grid] [data-line]').filter(visible);
  const go = el => { if (!el) return; el.focus(); el.select?.(); el.scrollIntoView({ block: 'nearest', inline: 'nearest' }); };
  const sameColumn = (row, el) => row && ($$('.cell', row).find(c => c.name === el.name) || $('.cell', row));
  const vertical = (el, d) => { const all = rows(); go(sameColumn(all[all.indexOf(el.closest('[data-line]')) + d], el)); };
  const step = (el, d) => { const all = $$('[data-grid] .cell').filter(c => visible(c) && !c.disabled); go(all[all.indexOf(el) + d]); };
  const opened = el => { try { return el.matches(':open'); } catch { return false; } };
  const whole = el => el.selectionStart === 0 && el.selectionEnd === el.value.length;
  const openLine = el => {                                               // after it is saved, so that the form shows what was typed
    const row = el.closest('[data-line]'), open = () => { const r = document.getElementById(row.id); r && $('[data-open]', r)?.click(); };
    if (dirty(el)) el.dispatchEvent(new Event('change', { bubbles: true }));
    row.matches('.htmx-request') ? row.addEventListener('htmx:afterRequest', () => setTimeout(open), { once: true }) : open();
  };
  on('keydown', e => {
    const el = e.target, k = e.key, text = el.tagName === 'INPUT';
    if (!el.matches?.('[data-grid] .cell') || e.isComposing || e.defaultPrevented) return;
    const done = f => { e.preventDefault(); f(); };
    if (k === 'Enter' && e.altKey) done(() => openLine(el));
    else if (k === 'Enter') done(() => el.closest('[data-enter=down]') ? vertical(el, e.shiftKey ? -1 : 1) : el.closest('.newline') ? (unlist(), el.blur(), el.focus()) : step(el, e.shiftKey ? -1 : 1));
    else if ((k === 'ArrowDown' || k === 'ArrowUp') && !e.altKey && !opened(el)) done(() => vertical(el, k === 'ArrowDown' ? 1 : -1));
    else if (k === 'ArrowDown' && e.altKey && !text) done(() => el.showPicker?.());
    else if (k === 'ArrowRight' && text && !e.shiftKey && el.selectionEnd === el.value.length && (el.selectionStart === el.selectionEnd || whole(el))) done(() => step(el, 1));
    else if (k === 'ArrowLeft' && text && !e.shiftKey && el.selectionStart === 0 && (el.selectionEnd === 0 || whole(el))) done(() => step(el, -1));
    else if (k === 'F2' && text && !e.altKey) done(() => whole(el) && el.value ? el.setSelectionRange(el.value.length, el.value.length) : el.select());
    else if (k === 'F8') done(() => {
      const all = rows(), above = sameColumn(all[all.indexOf(el.closest('[data-line]')) - 1], el);
      if (above && above.name === el.name) { el.value = above.value; el.dispatchEvent(new Event('change', { bubbles: true })); step(el, 1); }
    });
    else if (k === 'Escape' && dirty(el)) done(() => { el.value = saved(el); delete el.dataset.picked; el.select?.(); });
    else if (e.ctrlKey && (k === 'Home' || k === 'End')) done(() => go(sameColumn(rows().filter(r => !r.matches('.newline')).at(k === 'Home' ? 0 : -1), el)));
    else if (e.ctrlKey && k === 'Delete') done(() => $('[data-remove]', el.closest('[data-line]'))?.click());
    else if (e.ctrlKey && k === ' ') done(() => $('[data-select]', el.closest('[data-line]'))?.click());
    else if ((e.ctrlKey || e.metaKey) && k === 'a' && (!text || !el.value || whole(el))) done(() => $('[data-grid] [data-select-all]')?.click());
  });

  /* 9 Selection: Shift-click ranges, the bulk bar, "select all matching". */
  const boxes = form => $$('[data-select]').filter(c => c.form === form);
  const sync = () => $$('form[data-bulk]').forEach(form => {
    const all = boxes(form), n = all.filter(c => c.checked).length, every = n > 0 && n === all.length, matching = $('[data-all-matching]', form), more = $('[data-select-matching]', form);
    if (!every) matching.value = '';
    form.toggleAttribute('data-empty', !n);
    $('.bulk-n', form).textContent = !n ? '' : matching.value ? form.dataset.all : n === 1 ? form.dataset.one : form.dataset.many.replace('987', n);
    if (more) more.hidden = !every || !!matching.value || n >= +(form.dataset.total || Infinity);
    const head = all[0]?.closest('table') && $('[data-select-all]', all[0].closest('table'));
    if (head) { head.checked = every; head.indeterminate = n > 0 && !every; }
  });
  let last;
  on('click', e => {
    const c = e.target;
    if (c.matches('[data-select]')) {
      const all = boxes(c.form), from = all.indexOf(last), to = all.indexOf(c);
      if (e.shiftKey && from >= 0) all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(x => { x.checked = c.checked; });
      last = c; sync();
    } else if (c.matches('[data-select-all]')) { $$('[data-select]', c.closest('table')).forEach(x => { x.checked = c.checked; }); sync(); }
    const b = c.closest('[data-select-matching], [data-select-none]');
    if (b) { const matching = b.matches('[data-select-matching]'); boxes(b.form).forEach(x => { x.checked = matching; }); $('[data-all-matching]', b.form).value = matching ? '1' : ''; sync(); }
  });
  on('htmx:afterSettle', () => { sync(); current(document.activeElement); refocus(); if (list.field && !list.field.isConnected) unlist(); });
  sync();

  /* 10 Current row and its details, focus after a row is gone, whole rows as links, pasted columns. */
  const ajax = (...request) => htmx.ajax(...request).catch(() => {});    // section 3 has told the user
  let shown, detailsTimer, place_;
  const lend = row => {                                                  // a line is bare until somebody comes to it (segments/_line_model.html)
    const model = row?.matches('.line') && $('#line-model');
    if (!model) return;
    let lent = false;
    for (const from of $$('[data-lend]', model.content)) {
      const to = row.matches(from.dataset.lend) ? row : $(from.dataset.lend, row);
      if (!to || to._lent) continue;
      const given = [...from.attributes].filter(a => a.name !== 'data-lend' && !to.hasAttribute(a.name));
      given.forEach(a => to.setAttribute(a.name, a.value.replace('{line}', row.id.slice(5))));
      to._lent = new Set(given.map(a => a.name)); lent = true;
    }
    if (lent) htmx.process(row);
  };
  on('pointerdown', e => lend(e.target.closest('.line')));
  const current = el => { const row = el?.closest?.('[data-line]'); $$('tr.cur').forEach(r => r !== row && r.classList.remove('cur')); row?.classList.add('cur'); return row; };
  on('focusin', e => {
    const row = current(e.target);
    lend(row);
    const url = row?.dataset.factbox;
    if (row) place_ = { index: rows().indexOf(row), id: e.target.id, el: e.target };
    clearTimeout(detailsTimer);
    if (url && url !== shown && $('#factbox') && visible($('#factbox'))) detailsTimer = setTimeout(() => { shown = url; ajax('GET', url, { target: '#factbox', swap: 'outerHTML' }); }, 250);
  });
  const refocus = () => {
    if (document.activeElement !== document.body || !place_ || place_.el.isConnected || dialog.open) return;
    const all = rows();
    (document.getElementById(place_.id) || $('.cell', all[Math.min(place_.index, all.length - 1)] || main) || main).focus();
  };
  on('mouseover', e => { const c = e.target; if (c.matches?.('.cell')) c.scrollWidth > c.clientWidth ? c.title = c.value || c.placeholder : c.removeAttribute('title'); });   // what does not fit
  const details = off => { document.body.classList.toggle('no-details', off); $('#details-toggle')?.setAttribute('aria-pressed', !off); };
  if ($('#factbox') && localStorage.getItem('details') === 'off') details(true);
  on('click', e => {
    if (e.target.closest('[data-toggle-details]')) { const off = !document.body.classList.contains('no-details'); details(off); localStorage.setItem('details', off ? 'off' : 'on'); }
    const row = e.target.closest('[data-list] tbody tr'), link = row && $('.row-link', row);
    if (link && !e.target.closest('a, button, input, select, label, summary') && !getSelection().toString()) link.click();
  });
  on('keydown', e => {
    if (!e.target.matches?.('.row-link') || (e.key !== 'ArrowDown' && e.key !== 'ArrowUp')) return;
    e.preventDefault();
    const all = $$('.row-link', e.target.closest('[data-list]'));
    all[all.indexOf(e.target) + (e.key === 'ArrowDown' ? 1 : -1)]?.focus();
  });
  on('click', e => {                                                     // the line's own form
    const a = e.target.closest('[data-open]');
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    ajax('GET', a.href, { source: a, target: '#dialog', swap: 'innerHTML' });
  });
  on('paste', e => {
    const url = e.target.dataset?.pasteUrl, text = e.clipboardData?.getData('text/plain').trim() || '';
    if (!url || !/[\r\n]/.test(text)) return;
    e.preventDefault();
    ajax('POST', url, { target: e.target.dataset.pasteTarget || '#dialog', swap: 'innerHTML', values: { pasted: text } });
  });

  /* 11 Page keys: any element names its own in aria-keyshortcuts ("F9", "Alt+N"); fields get the focus, the others are clicked. */
  const showKeys = () => { dialog.replaceChildren($('#keys-template').content.cloneNode(true)); openDialog(); };
  on('click', e => { if (e.target.closest('[data-show-keys]')) showKeys(); });
  on('keydown', e => {
    if (e.defaultPrevented || e.isComposing || dialog.open || (e.ctrlKey && e.altKey)) return;
    const letter = e.altKey && /^Key[A-Z]$/.test(e.code), key = letter ? e.code.slice(3) : e.key.length === 1 ? e.key.toUpperCase() : e.key;
    const combination = (e.ctrlKey ? 'Control+' : '') + (e.altKey ? 'Alt+' : '') + (e.shiftKey && (letter || e.key.length > 1) ? 'Shift+' : '') + key;
    if (!/^F\d+$|\+/.test(combination)) return;
    const keyed = $$(`[aria-keyshortcuts~="${CSS.escape(combination)}"]`), covered = keyed.find(x => x.closest('.bar:has(.bulk:not([data-empty])) > .search'));
    const el = keyed.find(visible) || covered;
    if (!el) return;
    e.preventDefault();
    if (el === covered) { covered.closest('.bar').classList.add('searching'); covered.addEventListener('blur', () => covered.closest('.bar')?.classList.remove('searching'), { once: true }); }
    if (el.matches('input, select, textarea')) return go(el);
    if (longForm(el)) document.activeElement.blur();                     // what is being typed counts before
    el.click();
  });
  if (document.activeElement === document.body && !location.hash) $('[data-arrive]')?.focus();   // who came by key goes on from the heading
  $$('.js[hidden]').forEach(el => { el.hidden = false; });
})();
