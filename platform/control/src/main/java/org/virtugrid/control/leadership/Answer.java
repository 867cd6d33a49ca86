package org.virtugrid.control.leadership;

/**
 * A voter's answer.
 *
 * @param node the voter's configured id
 * @param url where its REST is
 * @param granted it votes for the asker
 * @param term the newest term that it has voted in
 */
record Answer(String node, String url, boolean granted, long term) {}
