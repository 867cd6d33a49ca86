package org.virtugrid.api;

/**
 * How far an upload that broke off has come.
 *
 * @param receivedBytes bytes that are stored safely; the upload continues there
 * @param prefixSha256 of those bytes, so that the client can tell whether it holds the same file
 */
public record UploadView(
        String datasetId, String strategy, long chunkSizeBytes, int backups, long receivedBytes, String prefixSha256) {}
