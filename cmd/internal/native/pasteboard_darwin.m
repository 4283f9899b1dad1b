#import <AppKit/AppKit.h>

#include <stdlib.h>
#include <string.h>

#include "pasteboard_darwin.h"

unsigned pasteboardOffers(void) {
	@autoreleasepool {
		NSArray *types = NSPasteboard.generalPasteboard.types;
		unsigned has = 0;
		if ([types containsObject:NSPasteboardTypeFileURL]) has |= offersFiles;
		if ([types containsObject:NSPasteboardTypeString]) has |= offersText;
		if ([types containsObject:NSPasteboardTypePNG]) has |= offersPNG;
		if ([types containsObject:NSPasteboardTypeTIFF]) has |= offersTIFF;
		return has;
	}
}

// paths gives the paths of the files on a pasteboard, each with a zero behind it.
static NSData *paths(NSPasteboard *board) {
	NSMutableData *all = [NSMutableData data];
	NSArray *urls = [board readObjectsForClasses:@[ [NSURL class] ]
	                                     options:@{NSPasteboardURLReadingFileURLsOnlyKey : @YES}];
	for (NSURL *url in urls) {
		const char *path = url.filePathURL.fileSystemRepresentation;
		if (path != NULL) [all appendBytes:path length:strlen(path) + 1];
	}
	return all;
}

void *pasteboardRead(unsigned form, size_t most, size_t *size) {
	@autoreleasepool {
		NSPasteboard *board = NSPasteboard.generalPasteboard;
		NSData *data = nil;
		switch (form) {
		case offersFiles: data = paths(board); break;
		case offersPNG: data = [board dataForType:NSPasteboardTypePNG]; break;
		case offersTIFF: data = [board dataForType:NSPasteboardTypeTIFF]; break;
		}
		*size = data.length;
		if (*size == 0 || *size > most) return NULL;
		void *copy = malloc(*size);
		if (copy != NULL) memcpy(copy, data.bytes, *size);
		return copy;
	}
}

bool pasteboardSetPNG(const void *data, size_t size) {
	@autoreleasepool {
		NSPasteboard *board = NSPasteboard.generalPasteboard;
		[board clearContents];
		return [board setData:[NSData dataWithBytes:data length:size] forType:NSPasteboardTypePNG];
	}
}
