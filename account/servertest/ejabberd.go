//go:build unix

package servertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

type ejabberd struct {
	erl  string // the Erlang runtime
	libs string // where the package keeps ejabberd and its libraries
	http uint16 // the port of the administration interface
}

// libsLine is where the package's own start script says where the code is.
// That script insists on the package's own user, so we do without it; and
// without a node name, Erlang starts no epmd.
var libsLine = regexp.MustCompile(`(?m)^\s*(?:export )?ERL_LIBS='?([^'\s]+)'?`)

func newEjabberd() (*ejabberd, error) {
	erl, err := exec.LookPath("erl")
	if err != nil {
		return nil, &MissingError{"ejabberd"}
	}
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/usr/local/sbin") {
		script, err := os.ReadFile(filepath.Join(dir, "ejabberdctl"))
		if err != nil {
			continue
		}
		if m := libsLine.FindSubmatch(script); m != nil {
			return &ejabberd{erl: erl, libs: string(m[1])}, nil
		}
	}
	return nil, &MissingError{"ejabberd"}
}

func (*ejabberd) String() string { return "ejabberd" }

// ejabberdConfig wants the directory, the domain, the three ports and the extra lines.
const ejabberdConfig = `
hosts: [%[2]q]
loglevel: info
certfiles: ["%[1]s/server.pem"]
ca_file: "%[1]s/ca.pem"
auth_method: internal
auth_password_format: scram
auth_scram_hash: sha256
disable_sasl_mechanisms: ["DIGEST-MD5", "X-OAUTH2"]
listen:
  - {port: %[3]d, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, starttls_required: true, max_stanza_size: 1048576}
  - {port: %[4]d, ip: "127.0.0.1", module: ejabberd_c2s, tls: true, max_stanza_size: 1048576}
  - {port: %[5]d, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/api: mod_http_api}}
%[7]s
api_permissions:
  test: {from: [mod_http_api], who: all, what: "*"}
modules:
  mod_roster: {versioning: true}
  mod_disco: {}
  mod_caps: {}
  mod_carboncopy: {}
  mod_mam: {default: always}
  mod_stream_mgmt: {}
  mod_client_state: {}
  mod_pubsub: {plugins: [flat, pep]}
  mod_vcard: {}
  mod_vcard_xupdate: {}
  mod_avatar: {}
  mod_blocking: {}
  mod_privacy: {}
  mod_private: {}
  mod_offline: {}
  mod_ping: {}
  mod_last: {}
  mod_version: {}
  mod_time: {}
  mod_muc: {hosts: ["conference.%[2]s"], default_room_options: {mam: true}}
  mod_http_api: {}
  mod_admin_extra: {}
%[6]s
`

// ejabberdUpload are the lines for it among the modules, which want the
// directory, the port and the limit, and ejabberdHTTPS those among what listens.
const (
	ejabberdUpload = `
  mod_http_upload: {put_url: "https://upload.@HOST@:%[2]d/upload", docroot: "%[1]s/upload", max_size: %[3]d, access: all}
`
	ejabberdHTTPS = `
  - {port: %d, ip: "127.0.0.1", module: ejabberd_http, tls: true, request_handlers: {/upload: mod_http_upload}}
`
)

// inetrc keeps Erlang from asking a name server for anything.
const inetrc = "{lookup, [file]}.\n{host, {127,0,0,1}, [\"localhost\"]}.\n"

// ejabberdDatabase is more configuration, for Options.Database.
const ejabberdDatabase = `
default_db: sql
sql_type: sqlite
sql_database: archive.sqlite
`

// makeDatabase makes the tables, which this ejabberd does not do by itself.
func (e *ejabberd) makeDatabase(dir string) error {
	tables, err := filepath.Glob(filepath.Join(e.libs, "ejabberd-*", "priv", "sql", "lite.sql"))
	if err != nil || len(tables) == 0 {
		return fmt.Errorf("no lite.sql below %s (%v)", e.libs, err)
	}
	file := filepath.Join(dir, "archive.sqlite")
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if out, err := exec.Command("sqlite3", file, ".read "+tables[0]).CombinedOutput(); err != nil {
		return fmt.Errorf("making the database: %w: %s", err, out)
	}
	return nil
}

func (e *ejabberd) prepare(s *Server, o *Options) error {
	ports, err := freePorts(4)
	if err != nil {
		return err
	}
	s.Port, s.TLSPort, e.http = ports[0], ports[1], ports[2]
	extra := o.Extra
	if o.Database {
		extra += ejabberdDatabase
		if err := e.makeDatabase(s.dir); err != nil {
			return err
		}
	}
	listen := ""
	if o.UploadLimit > 0 {
		s.UploadPort = ports[3]
		extra = fmt.Sprintf(ejabberdUpload, s.dir, s.UploadPort, o.UploadLimit) + extra
		listen = fmt.Sprintf(ejabberdHTTPS, s.UploadPort)
	}
	config := fmt.Sprintf(ejabberdConfig, s.dir, s.Domain, s.Port, s.TLSPort, e.http, extra, listen)
	if err := os.WriteFile(filepath.Join(s.dir, "ejabberd.yml"), []byte(config), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, "inetrc"), []byte(inetrc), 0o600)
}

func (e *ejabberd) command(s *Server) (argv, env []string) {
	spool := filepath.Join(s.dir, "spool")
	argv = []string{
		// Two schedulers that sleep when idle leave the cores to the test.
		e.erl, "-noinput", "+K", "true", "+S", "2", "+sbwt", "none",
		"-mnesia", "dir", fmt.Sprintf("%q", spool), "-s", "ejabberd",
	}
	env = append(os.Environ(),
		"HOME="+s.dir,
		"ERL_LIBS="+e.libs,
		"ERL_INETRC="+filepath.Join(s.dir, "inetrc"),
		"ERL_CRASH_DUMP_SECONDS=0",
		"EJABBERD_CONFIG_PATH="+filepath.Join(s.dir, "ejabberd.yml"),
		"EJABBERD_LOG_PATH="+s.LogFile,
	)
	return argv, env
}

func (e *ejabberd) ready(s *Server, log string) (bool, error) {
	if strings.Contains(log, "eaddrinuse") || strings.Contains(log, "address already in use") {
		return false, errPort
	}
	for _, port := range []uint16{s.Port, s.TLSPort, e.http, s.UploadPort} {
		if port != 0 && !strings.Contains(log, fmt.Sprintf("connections at 127.0.0.1:%d ", port)) {
			return false, nil
		}
	}
	return strings.Contains(log, "ejabberd 2") && strings.Contains(log, "is started"), nil
}

func (e *ejabberd) populate(s *Server, o *Options) error {
	for name, password := range o.Users {
		if err := e.addUser(s, name, password); err != nil {
			return err
		}
	}
	for owner, contacts := range o.rosters(s.Domain) {
		for _, c := range contacts {
			user, host, _ := strings.Cut(c.JID, "@")
			err := e.call("add_rosteritem", map[string]string{
				"localuser": owner, "localhost": s.Domain, "user": user, "host": host,
				"nick": c.Name, "group": strings.Join(c.Groups, ";"), "subs": "both",
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *ejabberd) addUser(s *Server, name, password string) error {
	return e.call("register", map[string]string{"user": name, "host": s.Domain, "password": password})
}

// callTime is far more than any command takes.
const callTime = 30 * time.Second

// call runs one of ejabberd's administration commands.
func (e *ejabberd) call(command string, args map[string]string) error {
	body, err := json.Marshal(args)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	url := fmt.Sprintf("http://127.0.0.1:%d/api/%s", e.http, command)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New(command + ": " + resp.Status + ": " + string(answer))
	}
	return nil
}
