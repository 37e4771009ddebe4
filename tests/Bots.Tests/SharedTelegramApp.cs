using Platform.Bots.Tests;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(SharedTelegramApp))]

namespace Platform.Bots.Tests;

/// <summary>One platform for all tests that break nothing in it: each has people of its own.</summary>
public sealed class SharedTelegramApp : TelegramApp;
