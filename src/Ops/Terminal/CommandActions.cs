using System.CommandLine;
using System.Diagnostics;
using Npgsql;
using Platform.Contracts;
using RabbitMQ.Client.Exceptions;

namespace Platform.Ops.Terminal;

internal static class CommandActions
{
    /// <summary>Sets what the command does. Failures become one line and an exit code.</summary>
    /// <param name="work">Returns one of <see cref="ExitCode"/>.</param>
    public static void SetHandler(this Command command, Option<bool> json, Func<ParseResult, Screen, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, ct) =>
        {
            var screen = new Screen(parsed.GetValue(json));
            try
            {
                return await work(parsed, screen, ct);
            }
            // Any exception: some libraries throw their own on cancellation.
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return screen.Refuse(ExitCode.Stopped, "stopped");
            }
            catch (UsageException e)
            {
                return screen.Refuse(ExitCode.Usage, e.Message);
            }
            catch (BusyException e)
            {
                return screen.Refuse(ExitCode.Busy, e.Message);
            }
            catch (PostgresException e)
            {
                return screen.Refuse(ExitCode.Failed, $"failed: {e.SqlState}: {e.MessageText}");
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or RabbitMQClientException or IOException)
            {
                return screen.Refuse(ExitCode.Failed, $"failed: {e.Message}{(e.GetBaseException() is var cause && cause != e ? $" ({cause.Message})" : "")}");
            }
            // A bug in this program or a malformed answer: the place where it was thrown helps to fix it.
            catch (Exception e)
            {
                var place = new StackTrace(e).GetFrame(0)?.GetMethod();
                return screen.Refuse(
                    ExitCode.Failed,
                    $"failed: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} ({place?.DeclaringType?.FullName}.{place?.Name})");
            }
        });
}

/// <summary>A wrong call or a missing setting. The message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Another process is doing the same.</summary>
internal sealed class BusyException(string message) : Exception(message);
