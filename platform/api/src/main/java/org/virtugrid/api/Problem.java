package org.virtugrid.api;

/**
 * An error as RFC 9457 describes it, with the remedy beside it.
 *
 * @param type stable name of the kind: invalid-input, not-found, refused, conflict, unavailable, internal
 * @param detail one sentence: what is wrong with which field, and what would be right
 * @param field the field that is wrong, or null
 * @param fix what to do next, or null
 */
public record Problem(
        String type, String title, int status, String detail, String instance, String field, String fix) {}
