namespace Platform.Bots.Conversations;

/// <summary>A chat's share of the concurrency limit, used by another chat while it waits for Telegram or a slow gateway.</summary>
internal sealed class Slot(SemaphoreSlim slots)
{
    /// <summary>A call that takes longer than this releases the slot.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private int _isHeld = 1;

    /// <summary>May also be called during <see cref="Await"/>, by a call that knows it will take long.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _isHeld, 0) == 1)
        {
            slots.Release();
        }
    }

    /// <summary>Waits for an external call, and then for a slot if this one was released.</summary>
    public async Task<T> Await<T>(Task<T> call, CancellationToken ct)
    {
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            if (await Task.WhenAny(call, Task.Delay(Patience, patience.Token)) != call)
            {
                Release();
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
                await slots.WaitAsync(ct);
                _isHeld = 1;
            }
        }
    }
}
