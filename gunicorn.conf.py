"""How gunicorn serves orgmodel wherever it is started from this folder; arguments and GUNICORN_CMD_ARGS go first."""

wsgi_app = "orgmodel.wsgi:application"
worker_class = "gthread"
workers = 2
threads = 4
control_socket_disable = True  # its file in the home directory would be one for all that run there
