using System.Diagnostics;
using Platform.Benchmarks.Load;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.Benchmarks.Baselines;

/// <summary>RabbitMQ alone: a message of an event's size through a quorum queue, until it is confirmed and received.</summary>
internal static class BrokerHop
{
    private const string Queue = "bench";

    public static async Task<Measurement> Measure(Uri broker, int hops, TimeSpan every, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = broker };
        await using var publisher = await factory.CreateConnectionAsync(ct);
        await using var consumer = await factory.CreateConnectionAsync(ct);
        await using var sending = await publisher.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        await using var receiving = await consumer.CreateChannelAsync(cancellationToken: ct);
        await sending.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct);

        var arrivals = new SemaphoreSlim(0);
        var arrived = 0L;
        var listener = new AsyncEventingBasicConsumer(receiving);
        listener.ReceivedAsync += async (_, message) =>
        {
            arrived = Stopwatch.GetTimestamp();
            arrivals.Release();
            await receiving.BasicAckAsync(message.DeliveryTag, multiple: false, ct);
        };
        await receiving.BasicConsumeAsync(Queue, autoAck: false, listener, ct);

        var times = new List<double>();
        var body = new byte[1024];
        using var pace = new PeriodicTimer(every);
        for (var hop = 0; hop < hops; hop++)
        {
            await pace.WaitForNextTickAsync(ct);
            var sent = Stopwatch.GetTimestamp();
            await sending.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, body, ct);
            var confirmed = Stopwatch.GetTimestamp();
            await arrivals.WaitAsync(ct);
            times.Add(Stopwatch.GetElapsedTime(sent, Math.Max(arrived, confirmed)).TotalMilliseconds);
        }

        await sending.QueueDeleteAsync(Queue, cancellationToken: ct);
        return Measurement.OfTimes(times);
    }
}
