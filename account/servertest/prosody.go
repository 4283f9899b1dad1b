//go:build unix

package servertest

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type prosody struct{ program string }

func newProsody() (*prosody, error) {
	program, err := exec.LookPath("prosody")
	if err != nil {
		return nil, &MissingError{"prosody"}
	}
	return &prosody{program}, nil
}

func (*prosody) String() string { return "prosody" }

// prosodyConfig wants the data directory, the domain, the two ports and the extra lines.
const prosodyConfig = `
run_as_root = true
pidfile = %[1]q .. "/prosody.pid"
data_path = %[1]q .. "/data"
plugin_paths = { %[1]q .. "/plugins" }
log = { info = %[1]q .. "/server.log" }
interfaces = { "127.0.0.1" }
c2s_ports = { %[3]d }
c2s_direct_tls_ports = { %[4]d }
c2s_require_encryption = true
authentication = "internal_hashed"
archive_expires_after = "never"
modules_enabled = {
	"roster", "saslauth", "tls", "disco", "carbons", "pep", "private", "blocklist", "vcard4",
	"vcard_legacy", "version", "uptime", "time", "ping", "mam", "smacks", "csi_simple", "lastactivity",
}
modules_disabled = { "s2s" }
ssl = { certificate = %[1]q .. "/cert.pem", key = %[1]q .. "/key.pem" }
c2s_direct_tls_ssl = ssl
http_ports = {}
%[5]s
VirtualHost %[2]q
Component ("conference." .. %[2]q) "muc"
	modules_enabled = { "muc_mam" }
	restrict_room_creation = false
`

// prosodyDatabase is more configuration, for Options.Database.
const prosodyDatabase = `
storage = { archive = "sql" }
sql = { driver = "SQLite3", database = "archive.sqlite" }
`

// prosodyUpload wants the domain, the address for files and the limit. It begins
// a component, so it comes last.
const prosodyUpload = `
Component ("upload." .. %[1]q) "http_file_share"
	http_external_url = %[2]q
	http_file_share_size_limit = %[3]d
	http_file_share_access = { %[1]q }
`

// prosodyHTTPS wants the directory and the port.
const prosodyHTTPS = `
https_ports = { %[2]d }
https_interfaces = { "127.0.0.1" }
https_ssl = { certificate = %[1]q .. "/cert.pem", key = %[1]q .. "/key.pem" }
`

func (p *prosody) prepare(s *Server, o *Options) error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	s.Port, s.TLSPort = ports[0], ports[1]
	extra := o.Extra
	if o.Archives != nil {
		extra += heldConfig
		if err := p.holdArchives(s, o.Archives); err != nil {
			return err
		}
	} else if o.Database {
		extra += prosodyDatabase
	}
	upload := ""
	if o.UploadLimit > 0 {
		s.UploadPort = ports[2]
		extra += fmt.Sprintf(prosodyHTTPS, s.dir, s.UploadPort)
		url := o.UploadURL
		if url == "" {
			url = fmt.Sprintf("https://upload.%s:%d/", s.Domain, s.UploadPort)
		}
		upload = fmt.Sprintf(prosodyUpload, s.Domain, url, o.UploadLimit)
	}
	config := fmt.Sprintf(prosodyConfig, s.dir, s.Domain, s.Port, s.TLSPort, extra) + upload
	if err := os.WriteFile(filepath.Join(s.dir, "prosody.cfg.lua"), []byte(config), 0o600); err != nil {
		return err
	}
	if o.CuredResume {
		if err := p.cureResume(s.dir); err != nil {
			return err
		}
	}
	// Prosody's own command for it takes a fifth of a second for each user.
	for name, password := range o.Users {
		if err := p.addUser(s, name, password); err != nil {
			return err
		}
	}
	for name, contacts := range o.rosters(s.Domain) {
		if err := p.write(s, "roster", name, luaRoster(contacts)); err != nil {
			return err
		}
	}
	return nil
}

// prosodyModules is where packages put Prosody's own modules.
var prosodyModules = []string{"/usr/lib/prosody/modules", "/usr/lib64/prosody/modules", "/usr/local/lib/prosody/modules"}

// The place in mod_smacks of 0.12 where a new connection takes over an old
// session, and what is missing there.
const (
	takeOver = "original_session.stream = session.stream;\n"
	missing  = "original_session.data = session.data;\n"
)

// cureResume puts a copy of mod_smacks before Prosody's own. One that lacks
// nothing, or is of another version, stays as it is.
func (p *prosody) cureResume(dir string) error {
	var module []byte
	var err error
	for _, modules := range prosodyModules {
		if module, err = os.ReadFile(filepath.Join(modules, "mod_smacks.lua")); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("mod_smacks: %w", err)
	}
	cured := string(module)
	if !strings.Contains(cured, "original_session.data =") {
		cured = strings.Replace(cured, takeOver, takeOver+missing, 1)
	}
	return p.plugin(dir, "mod_smacks.lua", []byte(cured))
}

// plugin gives the server a module of ours.
func (*prosody) plugin(dir, name string, module []byte) error {
	plugins := filepath.Join(dir, "plugins")
	if err := os.MkdirAll(plugins, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(plugins, name), module, 0o600)
}

func (p *prosody) command(s *Server) (argv, env []string) {
	return []string{p.program, "-F", "--config", filepath.Join(s.dir, "prosody.cfg.lua")}, os.Environ()
}

func (*prosody) ready(s *Server, log string) (bool, error) {
	if strings.Contains(log, "Failed to open server port") {
		return false, errPort
	}
	// One line tells of a service with all its addresses.
	for _, port := range []uint16{s.Port, s.TLSPort, s.UploadPort} {
		if port != 0 && !strings.Contains(log, fmt.Sprintf("[127.0.0.1]:%d", port)) {
			return false, nil
		}
	}
	return true, nil
}

func (*prosody) populate(*Server, *Options) error { return nil }

// addUser leaves a plain password, which Prosody hashes when it first reads it.
func (p *prosody) addUser(s *Server, name, password string) error {
	return p.write(s, "accounts", name, "return { password = "+luaString(password)+" };\n")
}

// write puts a user's data where Prosody's internal storage looks for it.
func (*prosody) write(s *Server, store, user, lua string) error {
	dir := filepath.Join(s.dir, "data", luaFileName(s.Domain), store)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, luaFileName(user)+".dat"), []byte(lua), 0o600)
}

func luaRoster(contacts []Contact) string {
	var b strings.Builder
	b.WriteString("return {\n\t[false] = { version = 1, pending = {} };\n")
	for _, c := range contacts {
		fmt.Fprintf(&b, "\t[%s] = { subscription = \"both\"; name = %s; groups = {", luaString(c.JID), luaString(c.Name))
		for _, g := range c.Groups {
			fmt.Fprintf(&b, " [%s] = true;", luaString(g))
		}
		b.WriteString(" } };\n")
	}
	b.WriteString("};\n")
	return b.String()
}

// luaFileName escapes a name as Prosody does for its files.
func luaFileName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// luaString quotes s for Lua, which knows any byte as three decimal digits.
func luaString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		if c < ' ' || c == '"' || c == '\\' {
			fmt.Fprintf(&b, "\\%03d", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// rosters gives everyone's contacts, those of Friends before those named one by one.
func (o *Options) rosters(domain string) map[string][]Contact {
	all := make(map[string][]Contact)
	if o.Friends {
		names := slices.Sorted(maps.Keys(o.Users))
		for _, owner := range names {
			for _, other := range names {
				if other != owner {
					all[owner] = append(all[owner], Contact{JID: other + "@" + domain, Groups: []string{"Friends"}})
				}
			}
		}
	}
	for owner, contacts := range o.Rosters {
		all[owner] = append(all[owner], contacts...)
	}
	return all
}
