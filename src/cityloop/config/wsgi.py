"""WSGI entrance: pages, API, static files."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
application = get_wsgi_application()
