using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Database;
using Platform.Database.Jobs;

namespace Platform.Messaging;

public static class MessagingExtensions
{
    /// <summary>Adds the outbox and its relay, the service's queue with the inbox, and a <c>migrate</c> step that declares the topology.</summary>
    public static WebApplicationBuilder AddServiceMessaging<TDb>(this WebApplicationBuilder builder, Action<Events> listEvents) where TDb : DbContext
    {
        var events = new Events();
        listEvents(events);

        var services = builder.Services;
        services.AddSingleton(events);
        services.AddSingleton<OutboxSignal>();
        services.AddScoped(provider => new Outbox(provider.GetRequiredService<TDb>(), events, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SignalOutboxOnCommit>();
        services.ConfigureDbContext<TDb>((provider, options) => options.AddInterceptors(provider.GetRequiredService<SignalOutboxOnCommit>()));
        builder.AddJob<PurgeOldMessages>(every: TimeSpan.FromHours(1));

        services.AddSingleton(provider =>
            new TopologyDeployment(BrokerAddress(builder.Configuration), provider.GetRequiredService<ServiceName>(), events));
        services.AddMigrationStep("broker topology", (provider, ct) => provider.GetRequiredService<TopologyDeployment>().Run(ct));

        // Not WaitUntilStarted: a service must serve while the broker is down. Its events wait in the outbox.
        services.Configure<MassTransitHostOptions>(host => host.StopTimeout = TimeSpan.FromSeconds(10));
        services.AddMassTransit(bus =>
        {
            foreach (var handled in events.HandledEvents)
            {
                handled.Register<TDb>(services, bus);
            }

            // On by default: it would send versions and the bus's topology to MassTransit's vendor.
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "broker";
                health.MinimalFailureStatus = HealthStatus.Degraded;
            });

            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(BrokerAddress(builder.Configuration), host =>
                {
                    // Detects a dead or half-open connection within seconds.
                    host.Heartbeat(TimeSpan.FromSeconds(10));
                    host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
                });
                // MassTransit copies the service queue's arguments to these queues.
                rabbit.SendTopology.ConfigureErrorSettings = ClearArguments;
                rabbit.SendTopology.ConfigureDeadLetterSettings = ClearArguments;
                rabbit.DeployPublishTopology = true;
                foreach (var published in events.PublishedEvents)
                {
                    rabbit.Publish(published.Type, _ => { });
                }

                ConfigureQueue<TDb>(rabbit, context, context.GetRequiredService<ServiceName>().Value, events);
            });
        });

        services.AddSingleton(provider => new FailedMessagesCheck(
            BrokerAddress(builder.Configuration), provider.GetRequiredService<ServiceName>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().AddCheck<FailedMessagesCheck>("messages");

        // Added after the bus, so that they stop before it.
        services.AddHostedService<OutboxRelay>();
        services.AddSingleton(provider => new BrokerWatchdog(
            BrokerAddress(builder.Configuration),
            provider.GetRequiredService<ServiceName>(),
            events,
            provider.GetRequiredService<IHostEnvironment>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<BrokerWatchdog>>()));
        services.AddSingleton<IReceiveEndpointObserver>(provider => provider.GetRequiredService<BrokerWatchdog>());
        services.AddHostedService(provider => provider.GetRequiredService<BrokerWatchdog>());

        return builder;
    }

    private static Uri BrokerAddress(IConfiguration configuration) => new(configuration.GetConnectionString("rabbitmq")
        ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is missing. Set it to the broker's address: amqp://user:password@host:port/vhost."));

    private static void ConfigureQueue<TDb>(
        IRabbitMqBusFactoryConfigurator rabbit, IBusRegistrationContext context, string service, Events events) where TDb : DbContext
    {
        if (events.HandledEvents.Count == 0)
        {
            return;
        }

        rabbit.ReceiveEndpoint(service, queue =>
        {
            queue.SetQuorumQueue();
            foreach (var (argument, value) in ServiceQueue.ArgumentsOf(service))
            {
                queue.SetQueueArgument(argument, value);
            }

            queue.ConfigureConsumeTopology = true;
            queue.PrefetchCount = 64;
            // Each message in progress holds a database connection. The pool has 16, which requests use too.
            queue.ConcurrentMessageLimit = 8;
            // InboxConsumer retries transient faults itself. After five retries of other faults a message goes to the error queue.
            queue.UseMessageRetry(retry => retry.Exponential(
                retryLimit: 5, minInterval: TimeSpan.FromMilliseconds(50), maxInterval: TimeSpan.FromSeconds(5),
                intervalDelta: TimeSpan.FromMilliseconds(200)));
            foreach (var handled in events.HandledEvents)
            {
                handled.Configure<TDb>(context, queue);
            }
        });
    }

    private static void ClearArguments(IRabbitMqQueueBindingConfigurator queue)
    {
        foreach (var argument in ServiceQueue.ArgumentsOf(queue: "").Keys)
        {
            queue.SetQueueArgument(argument, value: null);
        }
    }
}
