namespace Platform.Bots.Conversations;

/// <summary>
/// A chat's place among those that are served at once. It goes to another chat for as long as this one waits for somebody else: for
/// Telegram, which may ask it to wait for minutes, or for a gateway that is slow.
/// </summary>
internal sealed class Place(SemaphoreSlim places)
{
    /// <summary>What takes longer than that is waited for without the place.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private int _isHeld = 1;

    /// <summary>Also while a call of <see cref="During"/> is under way that knows it will take long.</summary>
    public void GiveBack()
    {
        if (Interlocked.Exchange(ref _isHeld, 0) == 1)
        {
            places.Release();
        }
    }

    /// <summary>Waits for a call of somebody else, and for a place again if it had to be given back meanwhile.</summary>
    public async Task<T> During<T>(Task<T> call, CancellationToken ct)
    {
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            if (await Task.WhenAny(call, Task.Delay(Patience, patience.Token)) != call)
            {
                GiveBack();
            }

            await patience.CancelAsync();
        }

        try
        {
            return await call;
        }
        finally
        {
            if (_isHeld == 0)
            {
                await places.WaitAsync(ct);
                _isHeld = 1;
            }
        }
    }
}
