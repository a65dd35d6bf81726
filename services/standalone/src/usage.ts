/** The command line makes no sense; `message` says what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `weir --help` prints. */
export const usage = `weir: live audio and video over HTTP

  weir up [-f FILE]...             ingest, edge and control in one process
  weir serve [options] -- COMMAND  one stream from a command's output
  weir serve [options] FILE        one stream from a file or FIFO; - is standard input
  weir ingest                      run feeds and encoders for a fleet
  weir edge                        serve listeners of a fleet
  weir control [-f FILE]...        publish the configuration, show the fleet
  weir check [-f FILE]...          say what is wrong with a configuration
  weir plan [-f FILE]...           say what a reload would start, stop and restart, and whom it would disconnect
  weir status                      show what runs: exit code 0 when all is well, 2 when something is sad or lost
  weir admin ...                   start|stop|restart feed|encoder NAME, listeners [STREAM], kick ID, reload,
                                   drain EDGE [SECONDS], undrain EDGE, log-level LEVEL [COMPONENT]
  weir sign [options] URL          print a link that opens a stream with access: { signed: ... }
  weir render [-f FILE]...         print a configuration in its final form
  weir schema                      print the JSON Schema of configuration files
  weir load [options] URL          test a stream with many listeners; --help tells its options

  -f, --file FILE      configuration file or directory, repeatable
                       (default: $WEIR_CONFIG, else /etc/weir/weir.yml)
  -l, --listen ADDR    host:port to listen on; :0 takes a free port ($WEIR_LISTEN). An ingest without it
                       takes no pushed sources
      --tls-cert FILE  speak HTTPS there: the certificate and those that signed it, in PEM ($WEIR_TLS_CERT)
      --tls-key FILE   its key, in PEM ($WEIR_TLS_KEY). Both are read again when they change, and on SIGHUP
      --shoutcast ADDR up, ingest: host:port for sources that speak SHOUTcast 1 ($WEIR_SHOUTCAST)
      --nats URL       NATS server, repeatable ($WEIR_NATS, default nats://127.0.0.1:4222)
      --nats-ca FILE   certificates, as PEM, that tls:// servers are checked with ($WEIR_NATS_CA)
      --nats-cert FILE this process's own certificate for tls:// servers ($WEIR_NATS_CERT)
      --nats-key FILE  its key ($WEIR_NATS_KEY)
      --nats-creds F   a NATS credentials file: user and key ($WEIR_NATS_CREDS)
      --nats-domain D  the JetStream domain that has the fleet's buckets, over leaf nodes ($WEIR_NATS_DOMAIN)
      --config-key-file F
                       control signs the configuration with this key, ingests and edges take none that is
                       not signed with it ($WEIR_CONFIG_KEY has the key itself)
      --instance NAME  this process's name in the fleet ($WEIR_INSTANCE)
      --labels A,B     ingest: what feeds with "on" may be pinned to, beside its name ($WEIR_LABELS)
      --ffmpeg PROGRAM up, serve, ingest: what takes pictures of streams ($WEIR_FFMPEG, default ffmpeg)
      --prefix NAME    what subjects and buckets begin with ($WEIR_PREFIX, default weir)
      --format NAME    serve: the container, when it is not to be recognised
      --active MODE    serve: continuous (default), on-demand, or a duration such as 20s
      --on-end WHAT    serve: restart, end or loop when the source ends
      --workers N      edge: so many processes behind one port; auto is one a core ($WEIR_WORKERS)
      --pool NAME      edge: one name for all behind one load balancer, where a fleet has several: a busy
                       edge sends new listeners away only while another of its pool has room ($WEIR_POOL)
      --drain TIME     up, edge: end listeners spread over this time when stopped ($WEIR_DRAIN)
      --no-watch       reload on SIGHUP alone, not when a configuration file or a certificate changes
      --url URL        plan, status, admin: what runs (default: weir control's http://127.0.0.1:8091, or
                       http://127.0.0.1:8090; plan: first where the configuration listens)
      --json           plan, status, admin: JSON instead of a table
      --watch          status: again every two seconds, until interrupted
      --token-file F   admin: a file with the token (default: $WEIR_ADMIN_TOKEN, $WEIR_ADMIN_TOKEN_FILE)
      --key-file F     sign: the file with the key, as key_file of the stream names it
      --expires TIME   sign: the link opens the stream for so long, such as 1h or 30m
      --until TIME     sign: who listens by it is ended after so long (default: nobody is)
      --address A      sign: the client address, or network, that it is for (default: anybody's)
      --health ADDR    host:port for /healthz, /readyz and /metrics ($WEIR_HEALTH)
      --access-log F   up, serve, edge: a file for the lines about listeners, put aside when it is
                       large ($WEIR_ACCESS_LOG)
      --command-logs D up, serve, ingest: a folder for what commands write to their standard error, a
                       file for each ($WEIR_COMMAND_LOGS)
      --log-level L    error, warn, info or debug ($WEIR_LOG_LEVEL)
      --log-format F   text or json ($WEIR_LOG_FORMAT)
  -h, --help           this text
  -V, --version        the version
`;
