/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Objects of topology files (routes, neighbours ...) against the kernel and
 * its own tools, scene by scene: made by penstock and seen by the tools, made
 * by the tools and taken as they are, changed, repaired, failed at every
 * step, shown, deleted.
 */
#ifndef PN_TEST_OBJECTS_H
#define PN_TEST_OBJECTS_H

#define OBJECT_SEES 24

struct object_see {
	const char *cmd;	/* a command of ip, bridge or tc, all output to be had */
	const char *has;	/* what it must print, blanks aside */
};

struct object_scene {
	const char *name;
	const char *needs;	/* a line for `ip`/`bridge`/`tc`; refused: the scene is skipped */
	const char *links;	/* sections of the file but the objects */
	const char *objects;	/* the sections that are tested */
	const char *tools;	/* the same objects, made by lines of tools; NULL: none can */
	const char *drift;	/* lines of tools that spoil what was made */
	const char *changed;	/* another version of @objects, applied over it */
	const char *refused;	/* another one, of which the kernel refuses something ... */
	const char *sentence;	/* ... in these words: nothing changes */
	struct object_see see[OBJECT_SEES];
	struct object_see see_changed[OBJECT_SEES];
};

/* Each scene in a namespace of its own. */
void objects_test(const struct object_scene *scene, unsigned int n);

#endif
