// Package storage keeps everything of one user: accounts, conversations,
// messages, outbox, roster, caps cache and settings in one bbolt file, the
// archive, and passwords and keys in Secrets.
//
// # Sealing
//
// From the key of the archive come two: one seals values with
// XChaCha20-Poly1305, bound to bucket and key, so that a value cannot be
// changed or moved; the other turns names that tell who talks to whom (JIDs,
// message ids) into HMAC-SHA256, cut to 16 bytes, where they serve as keys. In
// plain stand the numbers the program gives out (account, conversation,
// sequence), the times in the keys of messages, and the entries of indexes,
// which are keys of other buckets and are checked against what they lead to.
// Someone with the file but not the key can count and date messages, see the
// sizes of values, and put an older copy of a value back in its own place; what
// was deleted stays in the file, sealed, until its pages are used again.
//
// Values are JSON with short names. A record gains a field without a
// migration, a dump can be read while looking for a mistake, and the cost is
// small beside the sync of the disk. Strings must be valid UTF-8.
//
// # Files
//
// What was attached to messages lies beside the archive, a file for each, sealed
// with a key that comes from the archive's and the file's own salt; see files.go.
// Names are random. In plain stand which conversation a file is of, by its
// number, its size and its dates.
//
// # Keys
//
// Numbers are big-endian, so that keys sort as numbers do. A message is under
// chat(4) time(8) seq(8): a page of history is one walk of a cursor, from any
// place and in both directions, however long the conversation is. schema.go
// lists the buckets. Nothing reads a whole conversation, and Open reads none.
//
// What the server's archive (XEP-0313) has and this one may lack are gaps of the
// account, one sequence as the archive is one; a conversation somebody looked at
// may have more of a gap than the others. A message that is inserted late gets
// its place by its time, since Seq only has to be unique; ByStanza finds what is
// there already.
//
// What a message says now stands in its record, with the reactions to it; what
// it said before is under the number of the message, which stays with it when it
// is moved. What was said about a message that is not here waits as a note under
// the names of the conversation and of the message. Stars are keys in the order
// of their messages.
//
// # Room for more
//
// What comes next fits without a new layout:
//
//   - Receipts and markers in rooms: a bucket chat(4) time(8) seq(8) name(16) of
//     the occupant.
//   - Rooms: a conversation of kind ChatRoom; From has the occupant. Occupant
//     id and real JID are new fields of the record.
//   - Encryption state: new fields of the record; key
//     material in buckets of its own.
//   - Search: name(16) of a term -> blocks of places. Built in the background
//     from a place kept in a setting, so that no start waits for it.
//
// A new bucket, or a record read differently, raises the schema version with a
// step in schema.go.
//
// # Failure
//
// A change is on the disk, synced, when Update returns nil, and not there at
// all when it returns an error. The file is never written over or removed: one
// that is damaged or not ours is renamed. A single value that does not open is
// left out of lists, and an error where it is asked for by itself.
package storage
