package org.virtugrid.control.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.apache.ignite.Ignite;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.virtugrid.control.coordinator.EventLog;
import org.virtugrid.control.coordinator.HostService;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.control.coordinator.SnapshotService;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.control.security.SecuritySettings;
import org.virtugrid.grid.compute.FakeTasks;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.dataset.FakeDatasets;

/** The whole HTTP side on a port of its own, with fakes behind it. */
public final class TestServer implements AutoCloseable {
    public static final String TOKEN = "test-token-of-at-least-16-characters";

    final FakePlatform platform = new FakePlatform();
    final FakeVms vms = new FakeVms(3);
    final FakeHosts hosts = new FakeHosts();
    final FakeSnapshots snapshots = new FakeSnapshots();
    final FakeEventLog events = new FakeEventLog();
    final FakeDatasets datasets = new FakeDatasets();
    final FakeTasks tasks = new FakeTasks();
    final HttpClient http = HttpClient.newHttpClient();

    private final ServletWebServerApplicationContext context;

    /** Starts it with an empty home. */
    public static TestServer start(Path home) throws IOException {
        return start(home, "secret", 0, () -> {
            throw new IllegalStateException("there is no Ignite in this test");
        });
    }

    /** Starts it beside an Ignite node. */
    public static TestServer start(Path home, String password, int restHttpPort, Supplier<Ignite> ignite)
            throws IOException {
        return new TestServer(home, password, restHttpPort, ignite);
    }

    private TestServer(Path home, String password, int restHttpPort, Supplier<Ignite> ignite) throws IOException {
        SecuritySettings settings = new SecuritySettings(
                secret(home.resolve("token"), TOKEN + "\n"),
                secret(home.resolve("ignite-password"), password),
                0,
                restHttpPort);
        ApplicationContextInitializer<GenericApplicationContext> beans = target -> {
            target.registerBean(SecuritySettings.class, () -> settings);
            target.registerBean(DatasetDefaults.class, () -> new DatasetDefaults(1));
            target.registerBean(Platform.class, () -> platform);
            target.registerBean(VmService.class, () -> vms);
            target.registerBean(HostService.class, () -> hosts);
            target.registerBean(SnapshotService.class, () -> snapshots);
            target.registerBean(EventLog.class, () -> events);
            target.registerBean(Datasets.class, () -> datasets);
            target.registerBean(Tasks.class, () -> tasks);
            RootBeanDefinition supplier = new RootBeanDefinition();
            supplier.setTargetType(ResolvableType.forClassWithGenerics(Supplier.class, Ignite.class));
            supplier.setInstanceSupplier(() -> ignite);
            target.registerBeanDefinition("ignite", supplier);
        };
        SpringApplication application = new SpringApplicationBuilder(WebConfiguration.class)
                .web(WebApplicationType.SERVLET)
                .logStartupInfo(false)
                .build();
        application.addInitializers(beans);
        ConfigurableApplicationContext started = application.run();
        context = (ServletWebServerApplicationContext) started;
    }

    private static Path secret(Path file, String content) throws IOException {
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    ServletWebServerApplicationContext context() {
        return context;
    }

    public int port() {
        return context.getWebServer().getPort();
    }

    /** A request with the token. */
    public HttpRequest.Builder to(String path) {
        return anonymous(path).header("Authorization", "Bearer " + TOKEN);
    }

    /** A request without the token. */
    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    public HttpResponse<String> get(String path) throws IOException {
        return send(to(path));
    }

    HttpResponse<String> postJson(String path, String json) throws IOException {
        return send(
                to(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpResponse<String> put(String path, String body) throws IOException {
        return send(to(path).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Override
    public void close() {
        context.close();
    }
}
