"""The app behind nginx with its default buffers, and what makes that possible."""

import shutil
import subprocess
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.app import free_port

MOST_HEADER_BYTES = 2_000  # nginx's default buffer holds 4,096
CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {server};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }}
  }}
}}
"""


@pytest.mark.parametrize("path", ["", "attend", "app/static/plotly.js"])
def test_headers_are_small(warm_server, path):
    with urllib.request.urlopen(f"{warm_server}/{path}") as answer:
        assert len(answer.headers.as_bytes()) < MOST_HEADER_BYTES


@pytest.fixture
def nginx(warm_server, tmp_path):
    """The address of nginx in front of the app."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        pytest.skip("nginx is not installed")
    port = free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(CONFIG.format(folder=tmp_path, port=port, server=warm_server))
    process = subprocess.Popen([program, "-e", tmp_path / "error.log", "-c", config])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.parametrize("path", ["", "attend"])
def test_a_page_works_behind_nginx(nginx, visit_server, path):
    page = visit_server(nginx, path).page
    expect(page.get_by_role("textbox", name="Your sentence")).to_be_visible()
    expect(page.locator(".forward-pass canvas, .board canvas").first).to_be_visible()
