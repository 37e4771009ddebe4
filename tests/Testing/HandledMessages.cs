using MassTransit;

namespace Platform.Testing;

/// <summary>Counts the messages that a service has handled, after the last consumer of each. Ignored messages count too.</summary>
public sealed class HandledMessages : IReceiveObserver
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Task PostReceive(ReceiveContext context)
    {
        Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
