// What a page looks like to those who read it; each answer is a list of what is wrong.
"use strict";
const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const clipped = (one) => one.closest(".hidden, .skip, [aria-hidden=true], svg") !== null;
const name = (one) => `${one.tagName}.${one.className} "${(one.textContent || one.name || "").trim().slice(0, 40)}"`;
const scrolls = (one) => {
  for (let at = one; at && at !== document.body; at = at.parentElement)
    if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
  return false;
};

// The page is no wider than the window, no text leaves it or is cut off.
function cut() {
  const found = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide}px too wide`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, one = text.parentElement;
    if (!text.data.trim() || !seen(one) || clipped(one) || one.closest("option, script")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects())
      if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(one)) found.push(`out of sight: ${name(one)}`);
  }
  for (const one of document.body.querySelectorAll("*")) {
    if (!seen(one) || clipped(one) || one.matches("input, select, textarea, iframe")) continue;
    const style = getComputedStyle(one);
    const across = /hidden|clip/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    const down = /hidden|clip/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 2;
    if ((across || down) && one.textContent.trim()) found.push(`cut off: ${name(one)}`);
  }
  return [...new Set(found)];
}

// No two controls lie upon one another.
function overlapping() {
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => seen(one) && !clipped(one))
    .map((one) => [one, [...one.getClientRects()].filter((box) => box.width && box.height)]);
  const found = [];
  controls.forEach(([one, boxes], at) => controls.slice(at + 1).forEach(([other, others]) => {
    if (one.contains(other)) return;
    const on = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
    if (boxes.some((a) => others.some((b) => on(a, b)))) found.push(`${name(one)} lies upon ${name(other)}`);
  }));
  return found;
}

// Nothing moves, and nothing is about to.
function moving() {
  const long = (times) => times.split(",").some((one) => parseFloat(one) * (one.trim().endsWith("ms") ? 0.001 : 1) > 0.01);
  const found = document.getAnimations().map((one) => `runs: ${name(one.effect.target)}`);
  for (const one of document.querySelectorAll("*")) for (const part of [null, "::before", "::after", "::backdrop"]) {
    const style = getComputedStyle(one, part);
    if (long(style.transitionDuration) || long(style.animationDuration)) found.push(`moves: ${name(one)} ${part || ""}`);
    if (style.scrollBehavior === "smooth") found.push(`scrolls slowly: ${name(one)}`);
  }
  return found;
}

// Where colours are the reader's own, a control has a border, or is underlined as a link is.
function bare() {
  const found = [];
  for (const one of document.querySelectorAll("button, .button, input:not([type=hidden]), select, textarea")) {
    if (!seen(one) || clipped(one) || one.matches("[type=checkbox], [type=radio]")) continue;
    const style = getComputedStyle(one);
    const edge = ["Top", "Bottom"].every((side) => parseFloat(style[`border${side}Width`]) >= 1
      && style[`border${side}Style`] !== "none" && style[`border${side}Color`] !== style.backgroundColor);
    if (!edge && !style.textDecorationLine.includes("underline")) found.push(name(one));
  }
  return found;
}

// On paper: nothing that is pressed or typed into, and ink that is dark on white.
function unprintable() {
  const found = [];
  for (const one of document.querySelectorAll("nav, form, button, .button, input, select, textarea, summary, .skip"))
    if (one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length) found.push(`pressed: ${name(one)}`);
  const grey = (colour) => colour.match(/[\d.]+/g).map(Number);
  if (!["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(getComputedStyle(document.body).backgroundColor)) found.push("the paper is not white");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !seen(one) || clipped(one)) continue;
    const [red, green, blue] = grey(getComputedStyle(one).color);
    if (Math.max(red, green, blue) > 90 || red !== green || green !== blue) found.push(`pale: ${name(one)}`);
  }
  return [...new Set(found)];
}

// Without script nothing is shown that only a script would answer.
function idle() {
  const found = [];
  for (const one of document.querySelectorAll("button, a"))
    if (seen(one) && (one.matches("button[type=button], a:not([href]), a[href='#']") || (one.matches("button") && !one.form)))
      found.push(name(one));
  return found;
}

// The control that has the focus: what it is, and whether that is seen.
function focused() {
  const one = document.activeElement;
  if (!one || one === document.body) return (window.before = null);
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const boxes = [...one.getClientRects()].filter((at) => at.width > 1 && at.height > 1);
  const shown = boxes.some((at) => at.top < innerHeight && at.bottom > 0 && at.left < innerWidth && at.right > 0);
  const before = window.before;
  window.before = one;
  return {
    name: name(one), text: (one.innerText || one.ariaLabel || "").trim(), field: one.name || one.id,
    seen: ring && shown,
    backwards: Boolean(before && before.isConnected && one.compareDocumentPosition(before) & Node.DOCUMENT_POSITION_FOLLOWING),
  };
}

// How many controls there are to be reached; of buttons for a choice, one.
function reachable() {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((one) => {
      if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) return false;
      if (one.type !== "radio") return true;
      return !groups.has(one.name) && groups.add(one.name);
    }).length;
}
