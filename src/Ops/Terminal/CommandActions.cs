using System.CommandLine;
using System.Diagnostics;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace Platform.Ops.Terminal;

internal static class CommandActions
{
    /// <summary>Gives the command its work, whose failures become one line and an exit code.</summary>
    /// <param name="work">Returns one of <see cref="ExitCode"/>.</param>
    public static void Does(this Command command, Option<bool> json, Func<ParseResult, Screen, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, ct) =>
        {
            var screen = new Screen(parsed.GetValue(json));
            try
            {
                return await work(parsed, screen, ct);
            }
            // Whatever the exception: some libraries have their own for a call that was called off.
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
            // A mistake in this program, or in a service's answer: where it happened is what helps whoever puts it right.
            catch (Exception e)
            {
                var place = new StackTrace(e).GetFrame(0)?.GetMethod();
                return screen.Refuse(ExitCode.Failed, $"failed: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} ({place?.DeclaringType?.FullName}.{place?.Name})");
            }
        });
}

/// <summary>Called wrongly, or a setting is missing: the message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Somebody else is at it.</summary>
internal sealed class BusyException(string message) : Exception(message);
