namespace JobCloud.Node.Daemon.Calls;

/// <summary>Bounds what all requests of one user hold at the same time, such as bytes of memory. A
/// user without requests may always start one.</summary>
internal sealed class UserBudget(long most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = [];

    /// <summary>Takes an amount until it is disposed of. Returns null if the user has too little
    /// left.</summary>
    public IDisposable? TryTake(string user, long amount)
    {
        lock (_lock)
        {
            var account = AccountOf(user);
            if (account.Waiting.Count > 0 || !account.Admits(amount, most))
                return null;
            return Take(user, account, amount);
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
            var account = AccountOf(user);
            if (account.Waiting.Count == 0 && account.Admits(amount, most))
                return Take(user, account, amount);
            place = account.Waiting.AddLast(new Waiter(amount, turn));
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

    private sealed class Account
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

    private Account AccountOf(string user)
    {
        if (!_accounts.TryGetValue(user, out var account))
            _accounts[user] = account = new Account();
        return account;
    }

    private Share Take(string user, Account account, long amount)
    {
        account.Used += amount;
        return new Share(this, user, amount);
    }

    private void Return(string user, long amount)
    {
        lock (_lock)
        {
            var account = _accounts[user];
            account.Used -= amount;
            Serve(user, account);
        }
    }

    private void Leave(string user, LinkedListNode<Waiter> place)
    {
        var account = AccountOf(user);
        if (place.List == account.Waiting)
            account.Waiting.Remove(place);
        Serve(user, account);
    }

    private void Serve(string user, Account account)
    {
        while (account.Waiting.First is { } first && account.Admits(first.Value.Amount, most))
        {
            account.Waiting.RemoveFirst();
            first.Value.Turn.SetResult(Take(user, account, first.Value.Amount));
        }
        if (account.Used == 0 && account.Waiting.Count == 0)
            _accounts.Remove(user);
    }
}
