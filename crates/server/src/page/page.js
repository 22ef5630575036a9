"use strict";

/* ---- words ---------------------------------------------------------------- */

const CHINESE = {
  tagline: "读出图片中的每一个码，按微信的格式返回。",
  picture: "图片", choose: "选择图片", camera: "摄像头", example: "示例",
  effort: "力度", fast: "快速", balanced: "均衡", thorough: "彻底",
  drop: "把图片拖到这里", paste: "或直接粘贴。图片由本服务器识别，不会保存。",
  token: "Access token", retry: "重试", results: "识别结果", copy: "复制", copied: "已复制",
  wechat: "微信的返回", full: "全部信息",
  reading: "识别中…", none: "没有识别到码", codes: "{n} 个码", decode: "解码 {n} ms", scan: "识别 {n} ms",
  total: "总计 {n} ms", cut: "已超时，可能不全", shrunk: "图片超过上限，已缩小后上传",
  failed: "请求失败：{n}", noCamera: "无法打开摄像头：{n}", unreadable: "浏览器打不开这个文件",
  missed: "{n} 处看到但未读出", version: "版本 {n}", level: "纠错 {n}", overlay: "图中标出了 {n} 个码",
};
const ENGLISH = {
  copied: "Copied", reading: "Reading…", none: "No code found", codes: "{n} codes", one: "1 code",
  decode: "decoding {n} ms", scan: "reading {n} ms", total: "in all {n} ms",
  cut: "out of time, there may be more", shrunk: "the picture was above the limit and was made smaller",
  failed: "The request failed: {n}", noCamera: "No camera: {n}", unreadable: "The browser cannot open this file",
  missed: "{n} seen and not read", version: "version {n}", level: "level {n}", overlay: "{n} codes marked in the picture",
};

const $ = (id) => document.getElementById(id);
for (const element of document.querySelectorAll("[data-text]")) {
  ENGLISH[element.dataset.text] ??= element.textContent;
}
let isChinese = false;
const say = (key, n) => ((isChinese && CHINESE[key]) || ENGLISH[key] || key).replace("{n}", n);

function speak(chinese) {
  isChinese = chinese;
  document.documentElement.lang = chinese ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = say(element.dataset.text);
  }
  $("language").textContent = chinese ? "English" : "中文";
  $("language").lang = chinese ? "en" : "zh";
  if (last) show(last);
}

/* ---- asking the server ------------------------------------------------------ */

const LIMIT = Number(document.querySelector("meta[name=max-bytes]").content);
const TOKEN_ERRORS = [40001, 41001, 42001];
let token = "";
/* What is on the page: { source, answer, total, note }. */
let last = null;
/* The newest request; answers to older ones are dropped. */
let turn = 0;

const effort = () => document.querySelector("input[name=effort]:checked").value;

async function ask(blob, how) {
  const query = new URLSearchParams({ ext: "1", effort: how });
  if (token) query.set("access_token", token);
  const form = new FormData();
  form.append("img", blob, "picture");
  const start = performance.now();
  const response = await fetch(`cv/img/qrcode?${query}`, { method: "POST", body: form });
  const answer = await response.json();
  return { answer, total: performance.now() - start };
}

/* WeChat's answer is the full one without our keys. */
function plain(answer) {
  if (!answer.code_results) return answer;
  const { ext, ...rest } = answer;
  return { ...rest, code_results: answer.code_results.map(({ ext, ...code }) => code) };
}

/* A picture that the server takes: as it is, or made smaller. */
async function fitting(file) {
  if (file.size < LIMIT) return { blob: file };
  const bitmap = await createImageBitmap(file);
  for (let scale = Math.min(1, 4096 / Math.max(bitmap.width, bitmap.height)); ; scale *= 0.8) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    if (blob.size < LIMIT || canvas.width < 64) return { blob, note: "shrunk" };
  }
}

async function read(file) {
  stopCamera();
  const mine = ++turn;
  tell(say("reading"));
  if (file !== last?.source) $("codes").replaceChildren();
  $("board").classList.remove("empty");
  try {
    const { blob, note } = await fitting(file);
    const picture = await loaded(blob);
    if (mine !== turn) return;
    picture.hidden = false;
    const { answer, total } = await ask(blob, effort());
    if (mine !== turn) return;
    last = { source: file, answer, total, note };
    show(last);
  } catch (error) {
    if (mine === turn) tell(say(error === UNREADABLE ? "unreadable" : "failed", error.message), true);
  }
}

const UNREADABLE = new Error("unreadable");

async function loaded(blob) {
  const picture = $("shown");
  if (picture.src) URL.revokeObjectURL(picture.src);
  $("overlay").replaceChildren();
  $("hint").hidden = true;
  $("frame").hidden = false;
  $("video").hidden = true;
  picture.src = URL.createObjectURL(blob);
  try {
    await picture.decode();
  } catch {
    /* A kind that the server may read and the browser does not. */
    picture.hidden = true;
    if (!blob.type.startsWith("image/")) throw UNREADABLE;
  }
  return picture;
}

/* ---- showing ------------------------------------------------------------------ */

function tell(text, isWrong = false) {
  $("status").textContent = text;
  $("status").classList.toggle("wrong", isWrong);
}

function show({ answer, total, note }) {
  $("plain").textContent = JSON.stringify(plain(answer), null, 2);
  $("full").textContent = JSON.stringify(answer, null, 2);
  $("access").hidden = !TOKEN_ERRORS.includes(answer.errcode);
  const codes = answer.code_results || [];
  $("codes").replaceChildren(...codes.map(item));
  if (answer.errcode !== 0) {
    $("overlay").replaceChildren();
    tell(`${answer.errcode} ${answer.errmsg}`, true);
    return;
  }
  draw(answer);
  const { ext, img_size } = answer;
  const count = codes.length === 1 ? say(isChinese ? "codes" : "one", 1) : say("codes", codes.length);
  const parts = [
    codes.length ? count : say("none"), `${img_size.w}×${img_size.h}`,
    say("decode", ext.decode_ms), say("scan", ext.scan_ms), say("total", Math.round(total)),
  ];
  if (ext.failures.length) parts.push(say("missed", ext.failures.length));
  if (ext.cut) parts.push(say("cut"));
  if (note) parts.push(say(note));
  tell(parts.join(" · "));
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  made.append(...children);
  return made;
}

function item(code, index) {
  const { ext } = code;
  const kind = element("span", { className: "kind" }, element("b", {}, `${index + 1}`), code.type_name);
  const copy = element("button", { className: "quiet", type: "button" }, say("copy"));
  copy.setAttribute("aria-label", `${say("copy")} ${code.data}`);
  copy.addEventListener("click", () => copyText(copy, code.data));
  const isLink = /^https?:\/\/\S+$/i.test(code.data);
  const data = isLink
    ? element("a", { className: "data", href: code.data, target: "_blank", rel: "noopener noreferrer" }, code.data)
    : element("span", { className: "data" }, code.data);
  const facts = [
    ext.identifier, ext.version && say("version", ext.version), ext.level && say("level", ext.level),
    ext.charset !== "UTF-8" && ext.charset, ext.gs1 && "GS1", ext.add_on && `+${ext.add_on}`,
    `${Math.round(ext.orientation)}°`,
  ].filter(Boolean).join(" · ");
  const line = element("li", {}, kind, copy, data, element("span", { className: "facts" }, facts));
  const choose = (is) => () => {
    line.classList.toggle("chosen", is);
    $("overlay").querySelector(`[data-index="${index}"]`)?.classList.toggle("chosen", is);
  };
  for (const event of ["pointerenter", "focusin"]) line.addEventListener(event, choose(true));
  for (const event of ["pointerleave", "focusout"]) line.addEventListener(event, choose(false));
  return line;
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function quad(corners) {
  const points = corners.map((corner) => corner.join(",")).join(" ");
  return [svg("polygon", { points, class: "edge" }), svg("polygon", { points })];
}

function draw({ code_results, img_size: { w, h }, ext }) {
  const overlay = $("overlay");
  overlay.setAttribute("viewBox", `0 0 ${w} ${h}`);
  overlay.setAttribute("aria-label", say("overlay", code_results.length));
  /* Letters of 13 pixels on the screen, whatever the picture is shown at. */
  const shown = overlay.getBoundingClientRect().width || w;
  const size = (13 * w) / shown;
  const missed = ext.failures.map((failure) =>
    svg("g", { class: "missed" }, svg("title", {}, `${failure.symbology}: ${failure.stage}`), ...quad(failure.corners)));
  const read = code_results.map((code, index) => {
    const group = svg("g", { "data-index": index, class: "read" }, svg("title", {}, code.data), ...quad(code.ext.corners));
    const text = code.data.length > 28 ? `${code.data.slice(0, 27)}…` : code.data;
    /* On a telephone texts would hide the picture. */
    const label = svg("text", { "font-size": size }, shown < 480 ? `${index + 1}` : `${index + 1}  ${text}`);
    group.append(label);
    return { group, label, corners: code.ext.corners };
  });
  overlay.replaceChildren(...missed, ...read.map((code) => code.group));
  for (const { group, label, corners } of read) {
    const box = label.getBBox();
    const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
    const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
    const pad = size * 0.4;
    const [width, height] = [box.width + 2 * pad, size * 1.5];
    const below = Math.max(...ys) + size * 0.5;
    const x = Math.min(Math.max(middle - width / 2, 0), Math.max(w - width, 0));
    const y = Math.min(Math.max(below, 0), Math.max(h - height, 0));
    group.insertBefore(svg("rect", { x, y, width, height, rx: size * 0.3 }), label);
    label.setAttribute("x", x + pad);
    label.setAttribute("y", y + size * 1.1);
  }
}

async function copyText(button, text) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    /* Without https there is no clipboard: the old way. */
    const area = element("textarea", { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = say("copied");
  setTimeout(() => { button.textContent = before; }, 1200);
}

/* ---- camera ------------------------------------------------------------------- */

let stream = null;
/* Whether people are being asked for permission. */
let isStarting = false;

function stopCamera() {
  if (!stream) return;
  for (const track of stream.getTracks()) track.stop();
  stream = null;
  $("camera").setAttribute("aria-pressed", "false");
}

async function startCamera() {
  if (isStarting) return;
  const mine = ++turn;
  isStarting = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } },
    });
  } catch (error) {
    return tell(say("noCamera", error.message), true);
  } finally {
    isStarting = false;
  }
  $("camera").setAttribute("aria-pressed", "true");
  const video = $("video");
  video.srcObject = stream;
  await video.play();
  $("board").classList.remove("empty");
  $("hint").hidden = $("shown").hidden = true;
  $("frame").hidden = video.hidden = false;
  const canvas = document.createElement("canvas");
  let frame = null;
  while (stream && mine === turn) {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    frame = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    try {
      const { answer, total } = await ask(frame, effort());
      if (mine !== turn) return;
      last = { source: frame, answer, total };
      show(last);
      if (answer.errcode !== 0) stopCamera();
    } catch (error) {
      tell(say("failed", error.message), true);
      stopCamera();
    }
    await new Promise(requestAnimationFrame);
  }
  /* The last frame stays, with what was read in it. */
  if (frame && mine === turn) {
    const picture = await loaded(frame);
    picture.hidden = false;
    show(last);
  }
}

/* ---- events ------------------------------------------------------------------- */

const firstImage = (list) => [...(list || [])].find((file) => file.type.startsWith("image/")) || list?.[0];

$("file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) read(file);
  event.target.value = "";
});
$("camera").addEventListener("click", () => (stream ? stopCamera() : startCamera()));
$("example").addEventListener("click", async () => read(await (await fetch("example.png")).blob()));
$("effort").addEventListener("change", () => { if (last && !stream) read(last.source); });
$("access").addEventListener("submit", (event) => {
  event.preventDefault();
  token = $("token").value;
  if (last) read(last.source);
});
$("language").addEventListener("click", () => {
  localStorage.setItem("language", isChinese ? "en" : "zh");
  speak(!isChinese);
});
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copyText(button, $(button.dataset.copy).textContent));
}
document.addEventListener("paste", (event) => {
  const file = firstImage(event.clipboardData.files);
  if (file) read(file);
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  $("board").classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("board").classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  $("board").classList.remove("over");
  const file = firstImage(event.dataTransfer.files);
  if (file) read(file);
});
window.addEventListener("resize", () => { if (last?.answer.errcode === 0) draw(last.answer); });

$("origin").textContent = location.origin;
speak((localStorage.getItem("language") || navigator.language).startsWith("zh"));
