package org.virtugrid.control.vm.libvirt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.libvirt.Connect;
import org.libvirt.Error;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.libvirt.StorageVol;
import org.libvirt.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images and disks on a host: volumes of one pool, which is a folder. Everything goes through libvirt, so the host may be
 * another machine. Each call blocks until the host has done it and may be repeated.
 */
final class HostStorage {
    private static final Logger LOG = LoggerFactory.getLogger(HostStorage.class);
    private static final int BLOCK = 1 << 20;

    private HostStorage() {}

    /** The pool of a host's folder, made and started where needed. */
    static StoragePool pool(Connect connection, HostSettings host) throws LibvirtException {
        String name = poolName(host.storage());
        StoragePool pool = lookUp(connection, name);
        if (pool == null) {
            pool = connection.storagePoolDefineXML(
                    "<pool type='dir'><name>%s</name><target><path>%s</path></target></pool>"
                            .formatted(Xml.escaped(name), Xml.escaped(host.storage())),
                    0);
            pool.build(0);
            pool.setAutostart(1);
        }
        if (pool.isActive() == 0) {
            pool.create(0);
        }
        return pool;
    }

    static String poolName(String folder) {
        String slug = folder.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
        String name = "virtugrid-" + slug.toLowerCase(Locale.ROOT);
        // libvirt keeps the pool's definition in a file of this name
        return name.length() <= 100 ? name : name.substring(0, 90) + "-" + Integer.toHexString(folder.hashCode());
    }

    private static StoragePool lookUp(Connect connection, String name) throws LibvirtException {
        try {
            return connection.storagePoolLookupByName(name);
        } catch (LibvirtException e) {
            if (e.getError().getCode() == Error.ErrorNumber.VIR_ERR_NO_STORAGE_POOL) {
                return null;
            }
            throw e;
        }
    }

    private static StorageVol lookUp(StoragePool pool, String name) throws LibvirtException {
        try {
            return pool.storageVolLookupByName(name);
        } catch (LibvirtException e) {
            if (e.getError().getCode() == Error.ErrorNumber.VIR_ERR_NO_STORAGE_VOL) {
                return null;
            }
            throw e;
        }
    }

    /** Path on the host of a copy of a file that never changes; copied there unless the mark says that it is there. */
    static String image(Connect connection, StoragePool pool, String name, Path file) throws LibvirtException {
        StorageVol there = lookUp(pool, name);
        // A host may die in mid-copy, so what has no mark is not known to be whole
        String mark = name + ".complete";
        if (there != null && lookUp(pool, mark) != null) {
            return there.getPath();
        }
        delete(pool, mark);
        String path = replace(connection, pool, name, file);
        create(pool, mark, 1, "raw");
        return path;
    }

    /** Path on the host of an empty disk; made when it is missing. */
    static String disk(StoragePool pool, String name, long bytes) throws LibvirtException {
        StorageVol there = lookUp(pool, name);
        return (there == null ? create(pool, name, bytes, "qcow2") : there).getPath();
    }

    /** Path on the host of a copy of a file, which replaces what was there. */
    static String replace(Connect connection, StoragePool pool, String name, Path file) throws LibvirtException {
        delete(pool, name);
        StorageVol volume = create(pool, name, size(file), "raw");
        upload(connection, volume, file);
        return volume.getPath();
    }

    /** The same for a disk that grows as it is written to: the file is one of QEMU's own format. */
    static void replaceDisk(Connect connection, StoragePool pool, String name, long bytes, Path file)
            throws LibvirtException {
        delete(pool, name);
        upload(connection, create(pool, name, bytes, "qcow2"), file);
    }

    /** Copies a volume to a file here; false when there is no such volume. */
    static boolean fetch(Connect connection, StoragePool pool, String name, Path file) throws LibvirtException {
        StorageVol volume = lookUp(pool, name);
        if (volume == null) {
            return false;
        }
        Stream stream = connection.streamNew(0);
        try (OutputStream out = Files.newOutputStream(file)) {
            volume.download(stream, 0, 0, 0);
            byte[] block = new byte[BLOCK];
            for (int read = stream.receive(block); read > 0; read = stream.receive(block)) {
                out.write(block, 0, read);
            }
            stream.finish();
            return true;
        } catch (IOException e) {
            stream.abort();
            throw new UncheckedIOException(e);
        } finally {
            stream.free();
        }
    }

    /** The first bytes of a volume that is there; fewer where it ends before. */
    static byte[] read(Connect connection, StoragePool pool, String name, int most) throws LibvirtException {
        Stream stream = connection.streamNew(0);
        try {
            pool.storageVolLookupByName(name).download(stream, 0, most, 0);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] block = new byte[most];
            for (int read = stream.receive(block); read > 0; read = stream.receive(block)) {
                all.write(block, 0, read);
            }
            stream.finish();
            return all.toByteArray();
        } finally {
            stream.free();
        }
    }

    /** Writes over the first bytes of a volume that is there. */
    static void write(Connect connection, StoragePool pool, String name, byte[] bytes) throws LibvirtException {
        Stream stream = connection.streamNew(0);
        try {
            pool.storageVolLookupByName(name).upload(stream, 0, bytes.length, 0);
            send(stream, bytes, bytes.length);
            stream.finish();
        } finally {
            stream.free();
        }
    }

    /** Sets or removes a mark, a volume that says by its name alone what is to be said. */
    static void mark(StoragePool pool, String name, boolean set) throws LibvirtException {
        if (!set) {
            delete(pool, name);
        } else if (lookUp(pool, name) == null) {
            create(pool, name, 1, "raw");
        }
    }

    /** Names of all volumes. */
    static Set<String> names(StoragePool pool) throws LibvirtException {
        return Set.of(pool.listVolumes());
    }

    /** Whether the mark is set. */
    static boolean marked(StoragePool pool, String name) throws LibvirtException {
        return lookUp(pool, name) != null;
    }

    /** Bytes that are free for volumes. */
    static long free(StoragePool pool) throws LibvirtException {
        try {
            pool.refresh(0);
        } catch (LibvirtException e) {
            LOG.debug("{} is busy, so what was free a while ago counts: {}", pool.getName(), e.getMessage());
        }
        return pool.getInfo().available;
    }

    /** Bytes that a volume takes on the host; null when there is none. */
    static Long taken(StoragePool pool, String name) throws LibvirtException {
        StorageVol volume = lookUp(pool, name);
        return volume == null ? null : (Long) volume.getInfo().allocation;
    }

    /** Removes a volume; no error when there is none. */
    static void delete(StoragePool pool, String name) throws LibvirtException {
        StorageVol volume = lookUp(pool, name);
        if (volume != null) {
            volume.delete(0);
        }
    }

    private static StorageVol create(StoragePool pool, String name, long bytes, String format) throws LibvirtException {
        return pool.storageVolCreateXML(volumeXml(name, bytes, format), 0);
    }

    private static String volumeXml(String name, long bytes, String format) {
        return """
                <volume>
                  <name>%s</name>
                  <capacity unit='bytes'>%d</capacity>
                  <target><format type='%s'/><permissions><mode>0600</mode></permissions></target>
                </volume>
                """
                .formatted(Xml.escaped(name), bytes, format);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void upload(Connect connection, StorageVol volume, Path file) throws LibvirtException {
        Stream stream = connection.streamNew(0);
        try (InputStream in = Files.newInputStream(file)) {
            volume.upload(stream, 0, 0, 0);
            byte[] block = new byte[BLOCK];
            for (int read = in.readNBytes(block, 0, BLOCK); read > 0; read = in.readNBytes(block, 0, BLOCK)) {
                send(stream, block, read);
            }
            stream.finish();
        } catch (IOException e) {
            stream.abort();
            throw new UncheckedIOException(e);
        } finally {
            stream.free();
        }
    }

    private static void send(Stream stream, byte[] block, int length) throws LibvirtException {
        int sent = 0;
        while (sent < length) {
            int now =
                    stream.send(sent == 0 && length == block.length ? block : Arrays.copyOfRange(block, sent, length));
            if (now <= 0) {
                throw new IllegalStateException("the stream took nothing");
            }
            sent += now;
        }
    }
}
