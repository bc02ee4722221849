"""How gunicorn serves the skill: short requests that compute, and now and then one that waits for a certificate."""

import os

from skill.web.log import CONFIG

bind = "0.0.0.0:8000"

# One for each processor is most; with two, one may die while the other answers.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# Threads, so that a request that waits for a chain holds up no other; see WAITING in skill/web/chains.py.
worker_class = "gthread"
threads = 16

# Alexa gives up after eight seconds: nothing is worth finishing after ten.
graceful_timeout = 10
timeout = 30

# Longer than the proxy keeps its own end open, so that it is the proxy who closes.
keepalive = 75

# Alexa sends a dozen headers, the longest of a few hundred bytes.
limit_request_line = 1024
limit_request_fields = 40
limit_request_field_size = 4096

# The file system is read-only but for this one, which is memory.
worker_tmp_dir = "/dev/shm"  # noqa: S108

# Nobody steers the server from within.
control_socket_disable = True

# No access log: it would hold addresses. skill.web.app writes one line a request.
logconfig_dict = CONFIG
