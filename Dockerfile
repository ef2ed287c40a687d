# The house in a picture of its own: built where compilers may be, run where only it is, as nobody.
#   docker build -t daifa .
#   docker run --env-file .env -v daifa:/var/lib/daifa daifa run
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY deploy/requirements.lock deploy/requirements.lock
RUN python -m venv /opt/daifa
RUN /opt/daifa/bin/python -m pip install --no-cache-dir --require-hashes --requirement deploy/requirements.lock
COPY pyproject.toml README.md ./
COPY api api
COPY app app
COPY bot bot
COPY core core
COPY platforms platforms
COPY playground playground
COPY sandbox sandbox
COPY sharing sharing
COPY storage storage
RUN /opt/daifa/bin/python -m pip install --no-cache-dir --no-deps .
RUN /opt/daifa/bin/python -m compileall -q /opt/daifa/lib

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/daifa daifa
COPY --from=build /opt/daifa /opt/daifa
ENV PATH=/opt/daifa/bin:$PATH PYTHONUNBUFFERED=1 DAIFA_VAR=/var/lib/daifa DAIFA_HOST=0.0.0.0 DAIFA_LOG_FORMAT=json
USER daifa
WORKDIR /var/lib/daifa
RUN mkdir -m 700 keys
VOLUME /var/lib/daifa
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
ENTRYPOINT ["daifa"]
CMD ["run"]
