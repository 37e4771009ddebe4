namespace Platform.Sandbox;

/// <summary>The body <c>{}</c> of a call without parameters. A page of another site can post a form here, but not JSON.</summary>
public sealed record EmptyRequest;
