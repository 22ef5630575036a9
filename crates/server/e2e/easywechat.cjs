// node-easywechat against a server on this machine.
// Usage: easywechat.cjs BASE PICTURE PICTURE_URL APPID SECRET
"use strict";

const assert = require("node:assert");
const { MiniApp } = require("node-easywechat");
const { checkAnswer } = require("./expected.cjs");

const [base, picture, url, appid, secret] = process.argv.slice(2);

function body(response) {
  return response.toObject ? response.toObject() : response.data;
}

async function main() {
  for (const stable of [false, true]) {
    const app = new MiniApp({
      app_id: appid, secret, use_stable_access_token: stable, http: { baseURL: `${base}/`, throw: false },
    });
    const name = `node-easywechat ${stable ? "stable_token" : "token"}`;
    const client = app.getClient();
    checkAnswer(`${name} url`, body(await client.post("cv/img/qrcode", { params: { img_url: url } })));
    checkAnswer(`${name} file`, body(await client.withFile(picture, "img").post("cv/img/qrcode")));

    const refused = body(await client.post("cv/img/qrcode", { params: { img_url: "http://169.254.169.254/" } }));
    assert.deepStrictEqual(refused, { errcode: 101000, errmsg: "invalid image url" });
    const junk = body(await client.withFile(__filename, "img").post("cv/img/qrcode"));
    assert.deepStrictEqual(junk, { errcode: 101002, errmsg: "invalid image data" });
    console.log("ok", name, "errors");
  }
}

main().catch((error) => { console.error(error); process.exit(1); });
