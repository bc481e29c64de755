"""What mail providers report by webhook: one file for each, with two deeds: check the signature, read the events. Pure, save for fetching
the certificate of SNS. Called by ``web/hooks``.
"""
