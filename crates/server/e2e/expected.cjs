// What every client must find in the picture of WeChat's documentation.
"use strict";

const assert = require("node:assert");

const CODES = [
  ["QR_CODE", "http://www.qq.com"],
  ["QR_CODE", "https://mp.weixin.qq.com"],
  ["EAN_13", "5906789678957"],
  ["CODE_128", "50090500019191"],
];

function checkAnswer(name, answer) {
  assert.strictEqual(answer.errcode, 0, JSON.stringify(answer));
  assert.strictEqual(answer.errmsg, "ok");
  assert.deepStrictEqual(answer.code_results.map((code) => [code.type_name, code.data]), CODES);
  assert.deepStrictEqual(answer.img_size, { w: 1000, h: 900 });
  console.log("ok", name);
}

module.exports = { CODES, checkAnswer };
