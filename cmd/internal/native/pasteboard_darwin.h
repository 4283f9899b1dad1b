// The general pasteboard, for clipboard_darwin.go. Each call has a pool of its own
// for what AppKit makes, so that it may come from any thread.

#include <stdbool.h>
#include <stddef.h>

// Forms of what was copied.
enum { offersFiles = 1, offersText = 2, offersPNG = 4, offersTIFF = 8 };

// pasteboardOffers tells in which forms what was copied is to be had. It looks at
// their names only: reading may have the system ask the user.
unsigned pasteboardOffers(void);

// pasteboardRead gives what was copied in a form, to be freed by the caller, and
// how large that is; nothing where there is none or it is larger than most. Files
// are their paths, each with a zero behind it.
void *pasteboardRead(unsigned form, size_t most, size_t *size);

// pasteboardSetPNG puts a picture in the place of what was copied, and tells
// whether that went well.
bool pasteboardSetPNG(const void *data, size_t size);
