using Platform.Bots.Tests;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(SharedTelegramApp))]

namespace Platform.Bots.Tests;

/// <summary>One platform for all tests that break nothing in it; each test uses its own people.</summary>
public sealed class SharedTelegramApp : TelegramApp;
