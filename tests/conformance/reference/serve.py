"""serve.py PORT: empties the database of that port and serves on 127.0.0.1:PORT (pid on stdout)."""
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
port = int(sys.argv[1])
db = os.environ["REF_DB"] = "reference-%d.sqlite3" % port
for x in ("", "-journal"):
    if os.path.exists(db + x): os.remove(db + x)
import app, urllib.parse
from wsgiref.simple_server import make_server, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
app.fresh()
class H(WSGIRequestHandler):
    def log_message(self, *a): pass
from django.db import connection
connection.cursor().execute("PRAGMA synchronous=OFF")
print("pid", os.getpid(), "token", app.TOKEN, flush=True)
make_server("127.0.0.1", port, get_wsgi_application(), handler_class=H).serve_forever()
