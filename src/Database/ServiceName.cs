namespace Platform.Database;

/// <summary>What a service is called everywhere: its schema and role, its queue, its logs and its telemetry.</summary>
/// <param name="Value">In lower case, such as <c>loyalty</c>.</param>
public sealed record ServiceName(string Value);
