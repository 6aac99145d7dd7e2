using System;

namespace Stack.Fuzz.Model;

/// <summary>A request whose sender is known.</summary>
internal sealed record ModelCaller(ModelRequest Request, ModelTuple Tuple, ModelUser User, byte[] Key, bool Sha256, long Now)
{
    public ExpectedStep Succeed(Action<ExpectedMessage>? add = null)
        => new(ModelDisposition.Answered) { Reply = Respond(ModelMethod.Success, add) };

    public ExpectedStep Refuse(int code, Action<ExpectedMessage>? add = null)
        => new(ModelDisposition.Refused) { Reply = Fail(code, add) };

    public ExpectedMessage Fail(int code, Action<ExpectedMessage>? add = null) => Respond(
        ModelMethod.Error,
        reply =>
        {
            reply.WithError(code);
            add?.Invoke(reply);
        });

    public ExpectedMessage Respond(int messageClass, Action<ExpectedMessage>? add)
    {
        var reply = new ExpectedMessage(Request.Message.Method, messageClass, Request.TransactionId);
        add?.Invoke(reply);
        return reply.Protected(Key, Sha256).Fingerprinted(Request.HasFingerprint);
    }
}
