package org.virtugrid.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Json;

/** What is written into a home, who can read it, and how it goes away. */
class HomeTest {
    private static final Map<String, Integer> PORTS = Map.of("http", 3000, "thin", 10800);

    @TempDir
    private Path folder;

    @Test
    void settingsAreReplacedAsAWholeAndKeepWhatTheyDontKnow() throws IOException {
        Path file = Files.writeString(folder.resolve("home.json"), "{\"formatVersion\":1,\"fromTheFuture\":7}");
        new HomeSettings(1, 4, "process", 2, 3000, 1L << 30, PORTS).write(file);
        assertThat(HomeSettings.read(file)).isEqualTo(new HomeSettings(1, 4, "process", 2, 3000, 1L << 30, PORTS));
        assertThat(Json.parse(Files.readString(file)).path("fromTheFuture").intValue())
                .isEqualTo(7);
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFailedReplacementLeavesTheOldContentAndNoRest() throws IOException {
        Path file = Files.createDirectories(folder.resolve("taken/child")).getParent();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> OwnerOnly.replace(file, new byte[1]));
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void secretsAreMadeOnceAndForTheirOwnerAlone() throws IOException {
        Home home = new Home(folder.resolve("home"));
        Secrets.makeMissing(home);
        String token = home.token();
        Secrets.makeMissing(home);
        assertThat(home.token()).isEqualTo(token).hasSize(43).matches("[A-Za-z0-9_-]+");
        for (Path file : Set.of(home.tokenFile(), home.ignitePasswordFile())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.directory())))
                .isEqualTo("rwx------");
        assertThat(Files.readString(home.ignitePasswordFile())).isNotEqualTo(token);
    }

    @Test
    void aProcessIsItsPidAndItsTimeOfStart() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        assertThat(self.isAlive()).isTrue();
        assertThat(new ProcessIdentity(self.pid(), self.startTicks() + 1).isAlive())
                .isFalse();
        assertThat(ProcessIdentity.of(4_000_000_000L)).isEmpty();
    }

    @Test
    void anotherProcessWithTheSamePidIsNeverSignalled() throws Exception {
        Process sleeping = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of(sleeping.pid()).orElseThrow();
        new ProcessIdentity(identity.pid(), identity.startTicks() - 1).signal(true);
        assertThat(sleeping.isAlive()).isTrue();
        identity.signal(true);
        sleeping.waitFor();
        assertThat(identity.isAlive()).isFalse();
    }

    @Test
    void onlyOneHoldsTheLockAndALeftoverFileHoldsNothing() throws IOException {
        Home home = new Home(folder);
        Files.writeString(home.lockFile(), "4711\n");
        assertThat(UpLock.isHeld(home)).isFalse();
        UpLock lock = UpLock.tryTake(home).orElseThrow();
        assertThat(UpLock.tryTake(home)).isEmpty();
        assertThat(UpLock.isHeld(home)).isTrue();
        lock.close();
        assertThat(UpLock.isHeld(home)).isFalse();
    }

    @Test
    void destructionTakesEverythingInTheHomeAndNothingElse() throws IOException {
        Path outside = Files.writeString(
                Files.createDirectories(folder.resolve("outside")).resolve("mine"), "x");
        Home home = grid("home");
        Files.createDirectories(home.vms().resolve("1/db"));
        Files.createSymbolicLink(home.vms().resolve("1/link"), outside.getParent());
        Files.createSymbolicLink(home.directory().resolve("jobs"), outside.getParent());
        Destruction.remove(home, folder.resolve("me"));
        assertThat(home.directory()).doesNotExist();
        assertThat(outside).exists();
    }

    @Test
    void whatIsNoHomeOrHoldsMoreIsNotDestroyed() throws IOException {
        Path foreign = Files.createDirectories(folder.resolve("foreign"));
        Files.writeString(foreign.resolve("thesis"), "x");
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> Destruction.remove(new Home(foreign), folder))
                .matches(e -> e.exitCode() == 4);
        Home home = grid("all");
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> Destruction.remove(home, home.directory().resolve("user")));
        assertThat(home.settingsFile()).exists();
        assertThat(foreign.resolve("thesis")).exists();
    }

    @Test
    void portsAreChosenOnceAndMoveOnlyWhenTaken() {
        Map<String, Integer> first = Ports.choose(Map.of(), 3000, 0, 0, port -> port != 10800 && port != 21050);
        assertThat(first)
                .containsEntry("thin", 10801)
                .containsEntry("restHttp", 21100)
                .containsEntry("discovery", 21102)
                .containsEntry("workerBase", 21110);
        assertThat(Ports.choose(first, 3000, 0, 0, port -> true)).isEqualTo(first);
        Map<String, Integer> moved = Ports.choose(first, 3001, 0, 0, port -> port != 21102 && port != 10801);
        assertThat(moved)
                .containsEntry("http", 3001)
                .containsEntry("thin", 10801)
                .containsEntry("restHttp", 21100)
                .containsEntry("discovery", 21000);
        assertThat(new HashSet<>(moved.values())).hasSameSizeAs(moved.keySet());
    }

    @Test
    void homesLookForPortsInDifferentPlacesAndOneNewOneAtATime() {
        for (int seed : new int[] {-7, 5, Integer.MAX_VALUE}) {
            assertThat(Ports.choose(Map.of(), 3000, 0, seed, port -> true).get("discovery"))
                    .isBetween(21000, 32767)
                    .isNotEqualTo(21002);
        }
        PortsLock lock = PortsLock.tryTake(folder).orElseThrow();
        assertThat(PortsLock.tryTake(folder)).isEmpty();
        lock.close();
        assertThat(PortsLock.tryTake(folder)).hasValueSatisfying(PortsLock::close);
        assertThat(PortsLock.tryTake(folder.resolve("none"))).isPresent();
    }

    private Home grid(String name) throws IOException {
        Home home = new Home(Files.createDirectories(folder.resolve(name)));
        Files.writeString(home.settingsFile(), "{\"formatVersion\":1}");
        return home;
    }

    @Test
    void anImageThatWasBuiltFirstIsInNobodysWayAndAnythingElseIs() throws IOException {
        Home home = new Home(folder.resolve("home"));
        Files.createDirectories(folder.resolve("home/images/0.1.0-abc"));

        assertThat(home.kind()).isEqualTo(Home.Kind.ABSENT);

        Files.createDirectories(folder.resolve("home/photos"));
        assertThat(home.kind()).isEqualTo(Home.Kind.FOREIGN);
    }
}
