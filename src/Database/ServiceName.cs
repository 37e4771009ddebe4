namespace Platform.Database;

/// <summary>A service's name, also used for its schema, role, queue, logs and telemetry.</summary>
/// <param name="Value">In lower case, such as <c>loyalty</c>.</param>
public sealed record ServiceName(string Value);
