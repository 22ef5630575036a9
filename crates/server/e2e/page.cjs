// The page in a headless Chromium, with the keyboard and with files.
// Usage: page.cjs CHROMIUM BASE GUARDED_BASE TOKEN PICTURE SCREENSHOTS
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const { CODES, checkAnswer } = require("./expected.cjs");

const [executablePath, base, guarded, token, picture, screenshots] = process.argv.slice(2);

const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
];

/** Waits for an answer, and checks it where people and programs look. */
async function checkPage(page, name, isNarrow = false) {
  await page.waitForFunction((n) => document.querySelectorAll("#codes li").length === n
    && / ms/.test(document.getElementById("status").textContent), CODES.length);
  assert.deepStrictEqual(
    await page.$$eval("#codes li", (lines) => lines.map((line) => [
      line.querySelector(".kind").lastChild.textContent, line.querySelector(".data").textContent,
    ])),
    CODES,
  );
  const plain = JSON.parse(await page.textContent("#plain"));
  checkAnswer(`page ${name}`, plain);
  const full = JSON.parse(await page.textContent("#full"));
  assert.strictEqual(full.code_results[0].ext.symbology, "qr");
  assert.match(await page.textContent("#status"), /1000×900/);

  // Each quad of the overlay lies on the picture where the answer says.
  const drawn = await page.evaluate(() => {
    const shown = document.getElementById("shown").getBoundingClientRect();
    return [...document.querySelectorAll("#overlay g.read")].map((group) => {
      const box = group.querySelector("polygon:not(.edge)").getBoundingClientRect();
      const at = (x, y) => [(x - shown.left) / shown.width * 1000, (y - shown.top) / shown.height * 900];
      return [at(box.left, box.top), at(box.right, box.bottom), group.querySelector("text").textContent];
    });
  });
  assert.strictEqual(drawn.length, CODES.length);
  for (const [index, code] of plain.code_results.entries()) {
    const [from, to, label] = drawn[index];
    assert.ok(label.includes(isNarrow ? index + 1 : code.data), label);
    if (!code.pos) continue;
    const wanted = [code.pos.left_top, code.pos.right_bottom];
    for (const [seen, { x, y }] of [[from, wanted[0]], [to, wanted[1]]]) {
      assert.ok(Math.hypot(seen[0] - x, seen[1] - y) < 8, `${seen} instead of ${x},${y}`);
    }
  }
}

/** Takes the last answer away, so that the next one cannot be mistaken for it. */
const clear = (page) => page.evaluate(() => {
  document.getElementById("codes").replaceChildren();
  document.getElementById("status").textContent = "";
});

async function open(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, locale: "en-US", colorScheme: "light", ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  await page.goto(url);
  return { page, context, faults };
}

async function main() {
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  const shot = (page, name) => page.screenshot({ path: path.join(screenshots, name) });

  let { page, context, faults } = await open(browser, base);
  await page.setInputFiles("#file", picture);
  await checkPage(page, "file");
  await page.screenshot({ path: path.join(screenshots, "page-light.png"), clip: { x: 0, y: 0, width: 1280, height: 860 } });

  // Effort: another answer for the same picture.
  await clear(page);
  const again = page.waitForResponse(/effort=thorough/);
  await page.check("input[value=thorough]");
  assert.strictEqual((await again).status(), 200);
  await checkPage(page, "effort");

  // By keyboard alone: the example, then the language, then a copy of the first code.
  await page.evaluate(() => document.activeElement.blur());
  const press = async (id) => {
    for (let n = 0; n < 30; n += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((id) => document.activeElement.id === id, id)) break;
    }
    assert.strictEqual(await page.evaluate(() => document.activeElement.id), id);
    await page.keyboard.press("Enter");
  };
  await press("language");
  assert.strictEqual(await page.getAttribute("html", "lang"), "zh-CN");
  await clear(page);
  await press("example");
  await checkPage(page, "example, by keyboard");
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: base });
  await page.focus("#codes li button");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#codes li button").textContent === "已复制");
  assert.strictEqual(await page.evaluate(() => navigator.clipboard.readText()), CODES[0][1]);

  // Dropped, and pasted.
  const bytes = fs.readFileSync(picture).toString("base64");
  for (const [event, property, target] of [["drop", "dataTransfer", "#board"], ["paste", "clipboardData", "body"]]) {
    await clear(page);
    await page.evaluate(({ bytes, event, property, target }) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
      data.items.add(new File([content], "a.png", { type: "image/png" }));
      const made = new Event(event, { bubbles: true, cancelable: true });
      Object.defineProperty(made, property, { value: data });
      document.querySelector(target).dispatchEvent(made);
    }, { bytes, event, property, target });
    await checkPage(page, event);
  }

  // Above the limit: made smaller by the page, and read.
  await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1000, 900];
    const context = canvas.getContext("2d");
    const noise = context.createImageData(1000, 900);
    for (let i = 0; i < noise.data.length; i += 65_536) crypto.getRandomValues(noise.data.subarray(i, i + 65_536));
    for (let i = 3; i < noise.data.length; i += 4) noise.data[i] = 255;
    context.putImageData(noise, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (blob.size < 2 * 1024 * 1024) throw new Error("too small to try");
    const data = new DataTransfer();
    data.items.add(new File([blob], "a.png", { type: "image/png" }));
    const made = new Event("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(made, "dataTransfer", { value: data });
    document.body.dispatchEvent(made);
  });
  await page.waitForFunction(() => document.getElementById("status").textContent.includes("已缩小"));
  console.log("ok page makes large pictures smaller");

  // The camera, which here shows a test pattern without codes.
  await page.click("#camera");
  await page.waitForFunction(() => document.getElementById("video").videoWidth > 0
    && document.getElementById("camera").getAttribute("aria-pressed") === "true"
    && /没有识别到码.* ms$/.test(document.getElementById("status").textContent));
  await page.click("#camera");
  await page.waitForFunction(() => document.getElementById("camera").getAttribute("aria-pressed") === "false"
    && !document.getElementById("shown").hidden);
  console.log("ok page camera");
  assert.deepStrictEqual(faults, []);
  await context.close();

  // Dark and Chinese; and narrow.
  ({ page, context, faults } = await open(browser, base, { locale: "zh-CN", colorScheme: "dark" }));
  await shot(page, "page-empty-dark.png");
  await page.setInputFiles("#file", picture);
  await checkPage(page, "dark, Chinese");
  await page.hover("#codes li:nth-child(2)");
  await shot(page, "page-dark.png");
  assert.deepStrictEqual(faults, []);
  await context.close();
  ({ page, context, faults } = await open(browser, base, { viewport: { width: 390, height: 844 } }));
  await page.setInputFiles("#file", picture);
  await checkPage(page, "narrow", true);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "wider than the screen");
  await page.screenshot({ path: path.join(screenshots, "page-narrow.png"), fullPage: true });
  assert.deepStrictEqual(faults, []);
  await context.close();

  // Errors: no picture; no token, then the right one.
  ({ page, context, faults } = await open(browser, guarded));
  await page.setInputFiles("#file", picture);
  await page.waitForSelector("#access:not([hidden])");
  assert.match(await page.textContent("#status"), /41001/);
  await page.fill("#token", token);
  await page.keyboard.press("Enter");
  await checkPage(page, "token");
  await page.setInputFiles("#file", { name: "a.png", mimeType: "image/png", buffer: Buffer.from("junk") });
  await page.waitForFunction(() => /101002/.test(document.getElementById("status").textContent));
  console.log("ok page errors");
  assert.deepStrictEqual(faults, []);
  await browser.close();
}

main().catch((error) => { console.error(error); process.exit(1); });
