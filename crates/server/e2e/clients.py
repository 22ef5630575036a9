"""WeChat's Python clients against a server on this machine.

Usage: clients.py BASE PICTURE PICTURE_URL TOKEN APPID SECRET
"""

import json
import sys

from pywe_wxa_cv import CV
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

BASE, PICTURE, URL, TOKEN, APPID, SECRET = sys.argv[1:]
EXPECTED = [
    ("QR_CODE", "http://www.qq.com"),
    ("QR_CODE", "https://mp.weixin.qq.com"),
    ("EAN_13", "5906789678957"),
    ("CODE_128", "50090500019191"),
]


def check(name, answer):
    assert answer["errcode"] == 0 and answer["errmsg"] == "ok", answer
    codes = [(code["type_name"], code["data"]) for code in answer["code_results"]]
    assert codes == EXPECTED, codes
    assert answer["img_size"] == {"w": 1000, "h": 900}, answer["img_size"]
    assert ["pos" in code for code in answer["code_results"]] == [True, True, False, False]
    print("ok", name)


def check_error(name, code, call):
    try:
        answer = call()
    except WeChatClientException as error:
        assert error.errcode == code, error
    else:
        assert isinstance(answer, dict) and answer.get("errcode") == code, answer
        assert set(answer) == {"errcode", "errmsg"}, answer
    print("ok", name, code)


def wechatpy():
    class Client(WeChatClient):
        API_BASE_URL = BASE + "/"

        def fetch_access_token(self):
            # As the library's own, which has the host's name built in.
            return self._fetch_access_token(url=BASE + "/cgi-bin/token", params={
                "grant_type": "client_credential", "appid": self.appid, "secret": self.secret})

    def picture(content):
        return {"img": ("test.png", content, "image/png")}

    with open(PICTURE, "rb") as file:
        content = file.read()
    client = Client(APPID, SECRET, access_token=TOKEN)
    check("wechatpy file", client.post("cv/img/qrcode", files=picture(content)))
    check("wechatpy url", client.post("cv/img/qrcode", params={"img_url": URL}))
    check("wechatpy get", client.get("cv/img/qrcode", params={"img_url": URL}))
    check_error("wechatpy junk", 101002,
                lambda: client.post("cv/img/qrcode", files=picture(b"junk")))
    check_error("wechatpy address", 101000,
                lambda: client.post("cv/img/qrcode", params={"img_url": "http://10.0.0.1/a.png"}))
    check_error("wechatpy nothing", 41005, lambda: client.post("cv/img/qrcode"))
    # A token that is no good any more: the client fetches another one and tries again by itself.
    stale = Client(APPID, SECRET, access_token="STALE")
    check("wechatpy renews its token", stale.post("cv/img/qrcode", params={"img_url": URL}))
    assert stale.access_token not in ("STALE", TOKEN), stale.access_token
    wrong = Client(APPID, "wrong")
    check_error("wechatpy secret", 40125, wrong.fetch_access_token)


def pywe():
    client = CV(token=TOKEN)
    client.WECHAT_CV_QRCODE = BASE + "/cv/img/qrcode?img_url={img_url}&access_token={access_token}"
    check("pywe-wxa-cv", client.qrcode(img_file_path=PICTURE, token=TOKEN))
    check_error("pywe-wxa-cv token", 40001,
                lambda: client.qrcode(img_file_path=PICTURE, token="wrong"))
    check_error("pywe-wxa-cv junk", 101002,
                lambda: client.qrcode(img_file_path=__file__, token=TOKEN))


wechatpy()
pywe()
