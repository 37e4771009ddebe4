using System.Collections.Concurrent;

namespace Platform.Gateway.Tests;

/// <summary>Everything the gateway logs, as text: messages and their values.</summary>
internal sealed class GatewayLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();

    public IReadOnlyCollection<Line> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
    }

    public sealed record Line(string Category, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Values);

    private sealed class Logger(string category, ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
            lines.Enqueue(new Line(
                category,
                logLevel,
                $"{formatter(state, exception)} {string.Join(' ', values.Select(value => $"{value.Key}={value.Value}"))} {exception}",
                values.GroupBy(value => value.Key).ToDictionary(value => value.Key, value => value.First().Value)));
        }
    }
}
