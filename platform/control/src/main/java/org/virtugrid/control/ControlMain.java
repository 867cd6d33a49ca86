package org.virtugrid.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.ignite.Ignite;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.virtugrid.control.coordinator.EventLog;
import org.virtugrid.control.coordinator.HostService;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.control.coordinator.SnapshotService;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.control.home.Home;
import org.virtugrid.control.rest.DatasetDefaults;
import org.virtugrid.control.rest.WebConfiguration;
import org.virtugrid.control.security.SecuritySettings;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.grid.compute.Tasks;
import org.virtugrid.grid.dataset.Datasets;
import org.virtugrid.grid.fault.GridException;
import org.virtugrid.grid.node.IgniteProperties;

/** The control process: {@code --home DIRECTORY}. */
public final class ControlMain {
    private static final Duration EXIT_DEADLINE = Duration.ofSeconds(8);
    private static final int WRONG_INPUT = 2;
    private static final int FAILED = 1;

    private ControlMain() {}

    /** Starts it; returns when HTTP answers, and the process goes on. */
    public static void main(String[] arguments) {
        if (arguments.length != 2 || !arguments[0].equals("--home")) {
            System.err.println("usage: virtugrid-control.jar --home DIRECTORY (started by `virtugrid up`)");
            System.exit(WRONG_INPUT);
        }
        IgniteProperties.set();
        try {
            Path install = Path.of(System.getProperty("virtugrid.install", "."))
                    .toAbsolutePath()
                    .normalize();
            ControlProcess process = ControlProcess.start(
                    Path.of(arguments[1]), install, () -> Runtime.getRuntime().exit(0));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(process), "leave"));
            serve(process);
        } catch (GridException e) {
            System.err.println("virtugrid: " + e.getMessage() + (e.fix() == null ? "" : "; " + e.fix()));
            Runtime.getRuntime().halt(e.kind() == GridException.Kind.INVALID ? WRONG_INPUT : FAILED);
        } catch (VmDriverException e) {
            System.err.println("virtugrid: " + e.getMessage());
            Runtime.getRuntime().halt(FAILED);
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.err.println("virtugrid: " + e.getMessage());
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private static void serve(ControlProcess process) {
        SpringApplication application = new SpringApplication(Wiring.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> context.getBeanFactory().registerSingleton("controlProcess", process));
        application.run();
    }

    /** Nothing may keep the process from ending: its VMs live on without it, and the next one adopts them. */
    private static void leave(ControlProcess process) {
        Thread guard = new Thread(
                () -> {
                    try {
                        Thread.sleep(EXIT_DEADLINE.toMillis());
                        Runtime.getRuntime().halt(0);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "exit-deadline");
        guard.setDaemon(true);
        guard.start();
        process.close();
        guard.interrupt();
    }

    /** Hands HTTP what it needs. */
    @Configuration(proxyBeanMethods = false)
    @Import(WebConfiguration.class)
    static class Wiring {
        @Bean
        Home home(ControlProcess process) {
            return process.home();
        }

        @Bean
        SecuritySettings securitySettings(Home home) {
            return new SecuritySettings(
                    home.tokenFile(),
                    home.ignitePasswordFile(),
                    home.settings().httpPort(),
                    home.settings().ports().restHttp());
        }

        @Bean
        DatasetDefaults datasetDefaults(Home home) {
            return new DatasetDefaults(home.settings().backups());
        }

        @Bean(destroyMethod = "")
        Platform platform(ControlProcess process) {
            return process.platform();
        }

        @Bean
        VmService vmService(ControlProcess process) {
            return process.platform().vms();
        }

        @Bean
        HostService hostService(ControlProcess process) {
            return process.platform().hosts();
        }

        @Bean
        SnapshotService snapshotService(ControlProcess process) {
            return process.platform().snapshots();
        }

        @Bean
        EventLog eventLog(ControlProcess process) {
            return process.events();
        }

        @Bean
        Datasets datasets(ControlProcess process) {
            return process.datasets();
        }

        @Bean
        Tasks tasks(ControlProcess process) {
            return process.tasks();
        }

        @Bean
        Supplier<Ignite> ignite(ControlProcess process) {
            return process::ignite;
        }
    }
}
