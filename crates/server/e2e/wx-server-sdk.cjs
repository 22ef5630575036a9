// wx-server-sdk (cloud functions) against a server on this machine. The package speaks protobuf to
// Tencent's gateway; here the gateway is replaced by one that forwards to our server over HTTP, so
// that the package's own conversions of requests, answers and errors are what is tried.
// Usage: wx-server-sdk.cjs BASE PICTURE PICTURE_URL TOKEN
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const Module = require("node:module");
const FormData = require("form-data");
const protobuf = require("protobufjs");
const { CODES } = require("./expected.cjs");

const [base, picture, url, token] = process.argv.slice(2);

const types = protobuf.parse(`
  syntax = "proto3";
  message Pair { string key = 1; bytes value = 2; string contenttype = 3; string filename = 4; }
  message OpenApiData { repeated Pair pairs = 1; }
  message CommApiData { uint32 api_type = 1; OpenApiData openapi_data = 2; string appid = 6; }
  message CommOpenApiResp { bytes resp_data = 1; string content_type = 2; int32 error_code = 3; uint32 http_code = 4; }
`).root;
const Request = types.lookupType("CommApiData");
const Response = types.lookupType("CommOpenApiResp");

async function forward({ requestData }) {
  const { openapiData } = Request.decode(requestData);
  const query = new URLSearchParams({ access_token: token });
  const form = new FormData();
  let isForm = false;
  for (const pair of openapiData.pairs) {
    if (pair.filename) {
      form.append(pair.key, Buffer.from(pair.value), { filename: pair.filename });
      isForm = true;
    } else {
      query.set(pair.key, JSON.parse(Buffer.from(pair.value).toString()));
    }
  }
  const response = await fetch(`${base}/cv/img/qrcode?${query}`, {
    method: "POST",
    ...(isForm && { body: form.getBuffer(), headers: form.getHeaders() }),
  });
  return Buffer.from(Response.encode({
    respData: Buffer.from(await response.arrayBuffer()),
    contentType: response.headers.get("content-type"),
    httpCode: response.status,
  }).finish());
}

const log = { log() {}, info() {}, warn() {}, error() {} };
const gateway = { logger: () => log, callCompatibleWxOpenApi: forward };
const node_sdk = { init: () => gateway, parseContext: () => ({}), SYMBOL_CURRENT_ENV: Symbol("env") };
const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "@cloudbase/node-sdk" ? { ...node_sdk, default: node_sdk } : load.call(this, name, ...rest);
};

const cloud = require("wx-server-sdk");
cloud.init({ env: "e2e" });
const scan = (options) => cloud.openapi.img.scanQRCode(options);

function check(name, result) {
  assert.strictEqual(result.errCode, 0, JSON.stringify(result));
  assert.strictEqual(result.errMsg, "openapi.img.scanQRCode:ok");
  assert.deepStrictEqual(result.codeResults.map((code) => [code.typeName, code.data]), CODES);
  assert.deepStrictEqual(result.imgSize, { w: 1000, h: 900 });
  assert.ok(Number.isInteger(result.codeResults[0].pos.leftTop.x));
  assert.ok(!("pos" in result.codeResults[2]));
  console.log("ok", name);
}

async function checkError(name, code, options) {
  await assert.rejects(scan(options), (error) => {
    assert.strictEqual(error.errCode, code, error);
    assert.match(error.errMsg, /^openapi\.img\.scanQRCode:fail invalid image/);
    return true;
  });
  console.log("ok", name, code);
}

async function main() {
  const value = fs.readFileSync(picture);
  check("wx-server-sdk url", await scan({ imgUrl: url }));
  check("wx-server-sdk file", await scan({ img: { contentType: "image/png", value } }));
  await checkError("wx-server-sdk junk", 101002, { img: { contentType: "image/png", value: Buffer.from("junk") } });
  await checkError("wx-server-sdk address", 101000, { imgUrl: "http://127.0.0.2/a.png" });
}

main().catch((error) => { console.error(error); process.exit(1); });
