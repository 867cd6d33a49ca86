package org.virtugrid.api;

/** What a check of every copy of every chunk found; {@code consistent} tells how it is after any repair. */
public record CheckView(
        long chunks, long copies, long missing, long different, long lost, long repaired, boolean consistent) {}
