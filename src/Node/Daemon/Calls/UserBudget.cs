namespace JobCloud.Node.Daemon.Calls;

/// <summary>Bounds what all requests of one user hold at the same time, such as bytes of memory. A
/// user without requests may always start one.</summary>
internal sealed class UserBudget(long most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Holding> _holdings = [];

    /// <summary>Takes an amount until it is disposed of. Returns null if the user has too little
    /// left.</summary>
    public IDisposable? TryTake(string user, long amount)
    {
        lock (_lock)
        {
            var holding = HoldingOf(user);
            if (holding.Waiting.Count > 0 || !holding.Admits(amount, most))
                return null;
            return Take(user, holding, amount);
        }
    }

    /// <summary>The same, but waits for earlier requests of the user to end. Returns null once the
    /// time is over.</summary>
    public async Task<IDisposable?> TakeAsync(
        string user,
        long amount,
        TimeSpan within,
        CancellationToken cancel
    )
    {
        var turn = new TaskCompletionSource<IDisposable>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            var holding = HoldingOf(user);
            if (holding.Waiting.Count == 0 && holding.Admits(amount, most))
                return Take(user, holding, amount);
            place = holding.Waiting.AddLast(new Waiter(amount, turn));
        }
        try
        {
            return await turn.Task.WaitAsync(within, cancel);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
                Leave(user, place);
            // It may have been given just now.
            if (turn.Task.IsCompletedSuccessfully)
                turn.Task.Result.Dispose();
            if (e is OperationCanceledException)
                throw;
            return null;
        }
    }

    private sealed record Waiter(long Amount, TaskCompletionSource<IDisposable> Turn);

    private sealed class Holding
    {
        public LinkedList<Waiter> Waiting { get; } = [];
        public long Used { get; set; }

        public bool Admits(long amount, long most) => Used == 0 || Used + amount <= most;
    }

    private sealed class Share(UserBudget budget, string user, long amount) : IDisposable
    {
        private UserBudget? _budget = budget;

        public void Dispose() => Interlocked.Exchange(ref _budget, null)?.Return(user, amount);
    }

    private Holding HoldingOf(string user)
    {
        if (!_holdings.TryGetValue(user, out var holding))
            _holdings[user] = holding = new Holding();
        return holding;
    }

    private Share Take(string user, Holding holding, long amount)
    {
        holding.Used += amount;
        return new Share(this, user, amount);
    }

    private void Return(string user, long amount)
    {
        lock (_lock)
        {
            var holding = _holdings[user];
            holding.Used -= amount;
            Serve(user, holding);
        }
    }

    private void Leave(string user, LinkedListNode<Waiter> place)
    {
        var holding = HoldingOf(user);
        if (place.List == holding.Waiting)
            holding.Waiting.Remove(place);
        Serve(user, holding);
    }

    private void Serve(string user, Holding holding)
    {
        while (holding.Waiting.First is { } first && holding.Admits(first.Value.Amount, most))
        {
            holding.Waiting.RemoveFirst();
            first.Value.Turn.SetResult(Take(user, holding, first.Value.Amount));
        }
        if (holding.Used == 0 && holding.Waiting.Count == 0)
            _holdings.Remove(user);
    }
}
