"""Somebody who sends too much sees why, in a browser, and not that the connection broke."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def importing(context, site):
    """The import form in a browser, as alice sees it."""
    address = f"http://127.0.0.1:{site.port}"
    cookie = {"name": site.cookies["session"], "value": site.sessions["alice"], "url": address}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{address}/c/harbour/import/")
    return page


def send(page):
    page.locator("form[enctype]").evaluate("(form) => form.requestSubmit()")


def test_thirteen_pasted_megabytes(importing):
    importing.evaluate(
        """() => {
          const area = document.querySelector("textarea[name=text]");
          const pasted = document.createElement("input"); // a browser takes long to draw so much
          Object.assign(pasted, { type: "hidden", name: "text", value: "The port. ".repeat(1_363_149) });
          const { form } = area;
          area.replaceWith(pasted);
          form.requestSubmit();
        }"""
    )

    expect(importing.locator("h1")).to_contain_text("too much", timeout=30_000)
    expect(importing.locator("main")).to_contain_text("12 MB in all")


def test_a_thousand_and_one_files(importing):
    files = [
        {"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"Port."} for n in range(1_001)
    ]
    importing.locator("input[type=file]").first.set_input_files(files)
    send(importing)

    expect(importing.locator("h1")).to_contain_text("too much", timeout=30_000)
    expect(importing.locator("main")).to_contain_text("1,000 files are taken at once")


def test_far_more_than_an_import_may_have(importing):
    importing.evaluate(
        """() => {
          const input = document.querySelector("form[enctype] input[type=file]");
          const chosen = new DataTransfer();
          const part = new Uint8Array(2 ** 20 * 70);
          for (const n of [1, 2, 3]) chosen.items.add(new File([part], `${n}.txt`));
          input.files = chosen.files;
        }"""
    )
    send(importing)

    expect(importing.locator("h1")).to_contain_text("too much", timeout=60_000)
    expect(importing.locator("main")).to_contain_text("200 MB")
